"""What a page may try so as to reach another host, or to run or show what is not its own: tests of its policies do.

Each of REACHING is an expression of `url`, whose server counts what it is asked; a promise where browsers tell the end.
Some throw.
"""

REACHING = {
    "fetch": "fetch(url).catch(() => {})",
    "request": """new Promise(end => {
      const one = new XMLHttpRequest();
      one.onloadend = end;
      one.open('GET', url);
      one.send();
    })""",
    "beacon": "navigator.sendBeacon(url, 'a drawing')",
    "image": "new Promise(end => { const one = new Image(); one.onerror = one.onload = end; one.src = url; })",
    "script": """new Promise(end => document.head.append(
      Object.assign(document.createElement('script'), {src: url, onerror: end, onload: end})))""",
    "module": "import(url).catch(() => {})",
    "style": """new Promise(end => document.head.append(
      Object.assign(document.createElement('link'), {rel: 'stylesheet', href: url, onerror: end, onload: end})))""",
    "frame": "document.body.append(Object.assign(document.createElement('iframe'), {src: url}))",
    "form": """(() => {
      const form = Object.assign(document.createElement('form'), {action: url, target: 'elsewhere'});
      document.body.append(form);
      form.submit();
    })()""",
    "socket": "new Promise(end => { new WebSocket(url.replace('http', 'ws')).onerror = end; })",
    "events": "new Promise(end => { new EventSource(url).onerror = end; })",
    "worker": """new Promise(end => {
      const script = `fetch(${JSON.stringify(url)}).catch(() => {}).then(() => postMessage('tried'))`;
      new Worker(URL.createObjectURL(new Blob([script], {type: 'text/javascript'})), {type: 'module'}).onmessage = end;
    })""",
}

# Told of by the page whose policy refuses; the worker is told of its own.
REFUSED = {
    "connect-src": 5, "script-src-elem": 2, "img-src": 1, "style-src-elem": 1, "frame-src": 1, "form-action": 1,
}  # fmt: skip

# More of the same, not waited for. Each also says by what it is refused.
REACHING_TOO = {
    "object": ("object-src", "document.body.append(Object.assign(document.createElement('object'), {data: url}))"),
    "film": ("media-src", "void (document.createElement('video').src = url)"),
    "font": ("font-src", "new FontFace('elsewhere', `url(${url})`).load().catch(() => {})"),
    "preload": ("img-src", """document.head.append(
      Object.assign(document.createElement('link'), {rel: 'preload', as: 'image', href: url}))"""),
    "picture": ("img-src", "void (document.body.style.backgroundImage = `url(${url})`)"),
    "ping": ("connect-src", "Object.assign(document.createElement('a'), {href: '#', ping: url}).click()"),
}  # fmt: skip

# Each runs `window.ran("name")`, or lets a style count, unless it is refused. What makes code of a text does so in a timer:
# whoever drives a browser may do it wherever he is.
INLINE = {
    "eval": "void setTimeout(() => eval('ran(\"eval\")'))",
    "function": "void setTimeout(() => Function('ran(\"function\")')())",
    "timer": "void setTimeout(() => setTimeout('ran(\"timer\")'))",
    "script": "document.head.append(Object.assign(document.createElement('script'), {text: 'ran(\"script\")'}))",
    "handler": """(() => {
      const one = document.createElement('b');
      one.setAttribute('onclick', 'ran("handler")');
      one.click();
    })()""",
    "address": "Object.assign(document.createElement('a'), {href: 'javascript:ran(\"address\")'}).click()",
    "data": """new Promise(end => document.head.append(Object.assign(document.createElement('script'),
      {src: 'data:text/javascript,ran(\"data\")', onerror: end, onload: end})))""",
    "blob": """new Promise(end => document.head.append(Object.assign(document.createElement('script'),
      {src: URL.createObjectURL(new Blob(['ran("blob")'])), onerror: end, onload: end})))""",
    "style": """(() => {
      const one = document.body.appendChild(document.createElement('b'));
      one.setAttribute('style', 'position: fixed');
      if (getComputedStyle(one).position === 'fixed') ran('style');
    })()""",
    "sheet": """(() => {
      document.head.append(Object.assign(document.createElement('style'), {textContent: 'b { position: fixed }'}));
      if (getComputedStyle(document.body.appendChild(document.createElement('b'))).position === 'fixed') ran('sheet');
    })()""",
    "base": """(() => {
      document.head.append(Object.assign(document.createElement('base'), {href: 'http://elsewhere.test/'}));
      if (document.baseURI.includes('elsewhere')) ran('base');
    })()""",
}  # fmt: skip
