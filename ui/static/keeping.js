// What this browser keeps of the desk in each of its tabs, and brings back after a reload, in a new tab, or when the
// server was started again. Every visit has a desk of its own, which begins as a copy of its tab's last one, else of
// the browser's last one, so that two tabs never write over each other. SECURITY: no key is among it.
(() => {
  const KEPT_HOURS = 24;
  const MOST_DESKS = 4;
  const PARTS = ['typed', 'file', 'account', 'answers'];
  const LONGEST_TEXT = 100_000;
  const mine = String(Math.random()).slice(2);
  const uploaded = []; // the files that this page has sent, the last one last
  let session = '';
  let typed = null;
  let last = { account: '', answers: '' }; // of the host, which were kept
  let keeps = false; // whether there was something of the visitor's own on it
  let leaving = false;

  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  let opened;
  const desks = async (mode) => {
    if (!opened) {
      const opening = indexedDB.open('inkquest', 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore('desks');
      opened = done(opening);
    }
    return (await opened).transaction('desks', mode).objectStore('desks');
  };
  const all = (id) => IDBKeyRange.bound([id], [id, []]);
  const read = async (id) => {
    const store = await desks('readonly');
    const found = await Promise.all(PARTS.map((part) => done(store.get([id, part]))));
    return Object.fromEntries(PARTS.map((part, place) => [part, found[place]]));
  };
  const write = async (parts) => {
    const store = await desks('readwrite');
    for (const [part, value] of Object.entries(parts)) store.put(value, [mine, part]);
    sessionStorage.setItem('inkquest:desk', mine);
    localStorage.setItem('inkquest:desk', mine);
  };
  const forget = async () => {
    sessionStorage.removeItem('inkquest:desk');
    localStorage.removeItem('inkquest:desk');
    keeps = false;
    await done((await desks('readwrite')).clear());
  };
  // The newest few; what was left a day ago is nobody's business any more.
  const sweep = async () => {
    const store = await desks('readwrite');
    const keys = (await done(store.getAllKeys())).filter(([, part]) => part === 'typed');
    const kept = await Promise.all(keys.map(async ([id]) => [id, (await done(store.get([id, 'typed']))).at]));
    kept.sort(([, one], [, other]) => other - one);
    kept.forEach(([id, at], place) => {
      if (place >= MOST_DESKS || isOld(at)) store.delete(all(id));
    });
  };
  const isOld = (at) => Date.now() - at > KEPT_HOURS * 3_600_000;

  const notice = document.createElement('div');
  notice.id = 'desk-notice';
  notice.setAttribute('role', 'status');
  const say = (sentence) => {
    if (!notice.isConnected) document.body.append(notice);
    if (notice.textContent !== sentence) notice.textContent = sentence;
  };

  const keepTyped = () => (keeps && typed ? write({ typed: { at: Date.now(), values: typed } }) : undefined);
  const keepDesk = async () => {
    const shown = document.querySelector('#account data');
    const account = shown?.value ?? '';
    const answers = document.querySelector('#trust-answer data')?.value ?? '';
    if (account === last.account && answers === last.answers) return;
    last = { account, answers };
    keeps = account !== '';
    if (!keeps) return;
    const file = uploaded.findLast(
      (one) => one.name === shown.dataset.file && one.size === Number(shown.dataset.bytes),
    );
    await write({ account, answers, file: file ?? null, typed: { at: Date.now(), values: typed } });
  };
  document.addEventListener('inkquest:changed', () => {
    keepDesk().catch(() => {}); // a browser that keeps nothing for this site
  });

  const sent = async (file) => {
    const form = new FormData();
    form.append('files', file, file.name ?? 'desk');
    const answer = await fetch('gradio_api/upload', { method: 'POST', body: form });
    if (!answer.ok) throw new Error(await answer.text());
    const [path] = await answer.json();
    return { path, orig_name: file.name ?? 'desk', size: file.size, meta: { _type: 'gradio.FileData' } };
  };
  const choices = (id) => {
    const { props } = window.gradio_config.components.find((one) => one.props.elem_id === id);
    return props.choices.map(([, value]) => value);
  };
  const only = (ticked, id) => ticked.filter((label) => choices(id).includes(label));
  const broughtBack = async (before) => {
    const from = sessionStorage.getItem('inkquest:desk') ?? localStorage.getItem('inkquest:desk');
    if (!from || new URLSearchParams(location.search).has('run')) return before;
    const { typed: known, file, account, answers } = await read(from);
    if (!known || !account || isOld(known.at)) return before;
    const slow = setTimeout(() => say(_('Your page is coming back from this browser.')), 400);
    try {
      await write({ typed: known, file, account, answers });
      typed = known.values; // until Gradio tells of it: who loads the page anew before that keeps it, too
      const [reference, rules, conventions, localOnly] = known.values ?? before.slice(1);
      const files = await Promise.all([file && sent(file), sent(new Blob([account, ' ', answers]))]);
      const ticked = [only(rules, 'rules'), only(conventions, 'conventions')];
      return [null, reference.slice(0, LONGEST_TEXT), ...ticked, localOnly, ...files];
    } finally {
      clearTimeout(slow);
      say('');
      sweep();
    }
  };

  window.inkquest = {
    // What Gradio is to send when the app opens; the desk comes back if there is one.
    bringBack: (before) => broughtBack(before).catch(() => before),
    typed: (values) => {
      typed = JSON.parse(JSON.stringify(values)); // Gradio's own objects cannot be kept
      Promise.resolve(keepTyped()).catch(() => {});
    },
  };
  document.addEventListener('inkquest:session', (event) => {
    session = event.detail;
  });
  document.addEventListener('inkquest:uploaded', (event) => {
    uploaded.push(...event.detail);
    uploaded.splice(0, uploaded.length - 8);
  });
  document.addEventListener('click', async (event) => {
    const clears = event.target.closest?.('[data-clear]');
    if (!clears && !event.target.closest?.('#other-page')) return;
    await forget().catch(() => {});
    if (clears) location.replace('./');
  });

  // The server has gone, or a proxy has cut the line. One that was started again knows nothing of this visit.
  window.addEventListener('pagehide', () => {
    leaving = true;
  });
  document.addEventListener('inkquest:lost', async () => {
    const asked = { method: 'POST', body: JSON.stringify({ session_hash: session }) };
    const answered = async () => {
      const answer = await fetch('inkquest/desk', asked).catch(() => null);
      return answer?.status < 500 ? answer : null;
    };
    let answer = await answered();
    while (!leaving && !answer) {
      say(_('The server does not answer. What stands here is kept in this browser, and comes back with the server.'));
      await new Promise((next) => setTimeout(next, 2000));
      answer = await answered();
    }
    if (leaving) return;
    const unknown = answer.status === 404 || (answer.status === 204 && keeps);
    if (unknown && document.querySelector('#desk')?.offsetParent) location.reload();
    else say(unknown ? _('The server was started again. Load this page anew to go on.') : '');
  });
})();
