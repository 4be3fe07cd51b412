// The only place that wraps `fetch`: what Gradio's client asks for goes through here.
(() => {
  const ask = window.fetch;

  // Gradio's client hears from the server through one stream, which the server ends when all events of the visit are
  // done. The client opens the next one when it sends an event and believes none to be open (6.31:
  // client/js/src/utils/stream.ts). An event that the server takes just after the end, and confirms before the client
  // has read of it, would be heard by nobody, such as the click on Compare that follows the last key in the reference.
  // So the client gets a stream that does not end, and the server's follow one another in it.
  const pending = new Set(); // events whose end has not come
  const early = new Set(); // and those whose end came before the server's answer that it took them
  let listener; // what the client asked, and the stream it reads
  let relaying = false;

  const pass = async (response, stream) => {
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const encoder = new TextEncoder();
    let rest = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const messages = (rest + part.value).split('\n\n');
      rest = messages.pop();
      for (const message of messages) {
        const { msg, event_id: event } = JSON.parse(message.slice('data: '.length));
        if (msg === 'close_stream') return;
        if (msg === 'process_completed' && !pending.delete(event)) early.add(event);
        stream.enqueue(encoder.encode(`${message}\n\n`));
      }
    }
    throw new Error('the server hung up');
  };

  const relay = async () => {
    if (relaying) return;
    relaying = true;
    // with nothing pending no stream is opened: the server would never end it
    while (listener && pending.size) {
      const { request, stream } = listener;
      try {
        await pass(await ask(request.clone()), stream);
      } catch (error) {
        if (listener?.stream !== stream || !pending.size) continue; // the client listens anew, or waits for nothing
        pending.clear();
        listener = undefined;
        stream.error(error);
      }
    }
    relaying = false;
  };

  const listen = (request) =>
    new Response(
      new ReadableStream({
        start: (stream) => {
          listener = { request, stream };
        },
        cancel: () => {
          if (listener?.request === request) listener = undefined;
        },
      }),
    );

  // Uploads say whose they are, so that they go when this tab does. Gradio names its session when it opens its
  // heartbeat, which lasts as long as the server does.
  let session = '';
  const beat = async (asked, options) => {
    session = new URL(asked.url ?? asked, location.href).pathname.split('/').at(-1);
    document.dispatchEvent(new CustomEvent('inkquest:session', { detail: session }));
    const response = await ask(asked, options);
    const [watched, passed] = response.body.tee();
    const ended = () => document.dispatchEvent(new Event('inkquest:lost'));
    watched.pipeTo(new WritableStream()).then(ended, ended);
    return new Response(passed, response);
  };
  const join = async (asked, options) => {
    const response = await ask(asked, options);
    if (!response.ok) return response;
    const { event_id: event } = await response.clone().json();
    if (!early.delete(event)) pending.add(event);
    relay();
    return response;
  };
  const upload = (asked, options) => {
    document.dispatchEvent(new CustomEvent('inkquest:uploaded', { detail: options.body.getAll('files') }));
    return ask(asked, { ...options, headers: { ...options.headers, 'x-inkquest-session': session } });
  };
  const follow = (asked, options) => {
    const heard = listen(new Request(asked, options));
    relay();
    return heard;
  };

  const ways = { 'queue/join': join, 'queue/data': follow, upload, heartbeat: beat };
  window.fetch = async (asked, options) => {
    const { pathname } = new URL(asked.url ?? asked, location.href);
    const [, route] = pathname.match(/\/gradio_api\/(queue\/\w+|\w+)(?:\/\w+)?$/) ?? [];
    return (ways[route] ?? ask)(asked, options);
  };
})();
