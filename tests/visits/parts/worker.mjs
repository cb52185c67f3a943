// Does what the page asks of asking.mjs, one thing after the other, in this folder's Pyodide.

const asking = import("./asking.mjs");
let last = asking;

onmessage = ({ data: { id, work, given } }) => {
  last = last.then(async () => {
    const { listening, post } = await import("./bare.mjs");
    listening.listener = (message) => "lacks" in message && post(message); // it stops then, and cannot answer later
    try {
      post({ id, answer: await (await asking)[work](...given) });
    } catch (error) {
      post({ id, answer: `${error.name}: ${error.message}` });
    }
  });
};
