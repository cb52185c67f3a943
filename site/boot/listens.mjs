// Runs after PyScript's code of a worker has begun, which then listens, and before it has ended: that waits to be told more.
postMessage("listens");
