// Drawing the parts of the page to blur, links that show their whole address, and a visitor's own account on its way to
// the server.
(() => {
  const toBlur = [];
  let drawing = null;

  const hidden = () => document.querySelector('#blurred textarea, #blurred input');
  const tell = (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const canvas = () => {
    const stack = document.querySelector('#page-stack');
    const image = stack?.querySelector('.page-image');
    if (!image) return null;
    let svg = stack.querySelector('svg.blurs');
    if (!svg) {
      svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      svg.setAttribute('class', 'blurs');
      stack.append(svg);
    }
    svg.setAttribute('viewBox', `0 0 ${image.getAttribute('width')} ${image.getAttribute('height')}`);
    return svg;
  };
  const draw = () => {
    const svg = canvas();
    if (!svg) return;
    svg.replaceChildren(
      ...[...toBlur, drawing].filter(Boolean).map(([left, top, right, bottom]) => {
        const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
        const edges = {
          x: Math.min(left, right),
          y: Math.min(top, bottom),
          width: Math.abs(right - left),
          height: Math.abs(bottom - top),
        };
        for (const [name, value] of Object.entries(edges)) rect.setAttribute(name, value);
        return rect;
      }),
    );
    const clear = document.querySelector('[data-draw=clear]');
    if (clear) clear.hidden = !toBlur.length;
    if (hidden()) tell(hidden(), JSON.stringify(toBlur));
  };
  const place = (event) => {
    const svg = canvas();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [Math.round(point.x), Math.round(point.y)];
  };
  document.addEventListener('pointerdown', (event) => {
    if (!event.target.closest?.('svg.blurs.on')) return;
    event.preventDefault();
    drawing = [...place(event), ...place(event)];
  });
  document.addEventListener('pointermove', (event) => {
    if (!drawing) return;
    drawing.splice(2, 2, ...place(event));
    draw();
  });
  document.addEventListener('pointerup', () => {
    if (!drawing) return;
    const [left, top, right, bottom] = drawing;
    drawing = null;
    if (Math.abs(right - left) > 3 && Math.abs(bottom - top) > 3) {
      toBlur.push([Math.min(left, right), Math.min(top, bottom), Math.max(left, right), Math.max(top, bottom)]);
    }
    draw();
  });
  document.addEventListener('click', async (event) => {
    const button = event.target.closest?.('[data-draw], [data-copy-link]');
    if (!button) return;
    if (button.dataset.draw === 'clear') {
      toBlur.length = 0;
      draw();
    }
    if (button.dataset.draw === 'blur') {
      const svg = canvas();
      const hint = button.parentElement.querySelector('.hint');
      if (!svg) {
        hint.textContent = _('Choose a page first.');
        return;
      }
      const on = svg.classList.toggle('on');
      button.setAttribute('aria-pressed', on);
      hint.textContent = on ? _('Draw on the page over what must not be read.') : '';
      if (on) svg.scrollIntoView({ block: 'center' });
    }
    if ('copyLink' in button.dataset) {
      await navigator.clipboard.writeText(button.parentElement.querySelector('a').href);
      button.textContent = _('Copied');
    }
  });
  // Another page on the desk: what was drawn belonged to the old one.
  let shown = '';
  document.addEventListener('inkquest:changed', () => {
    const source = document.querySelector('#page-stack .page-image')?.src ?? '';
    if (source !== shown) {
      shown = source;
      toBlur.length = 0;
      drawing = null;
      draw();
    }
    for (const link of document.querySelectorAll('a[data-absolute]'))
      if (link.textContent !== link.href) link.textContent = link.href;
  });

  // SECURITY: what was typed goes straight to its route, and keys out of their fields; it never becomes a component's
  // value.
  const send = async (form, method, values) => {
    const answer = await fetch('inkquest/keys', {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session_hash: form.dataset.session, engine: form.dataset.engine, values }),
    }).catch(() => null);
    const refusal = answer?.ok ? {} : ((await answer?.json()) ?? { error: _('It did not arrive. Try again.') });
    form.querySelector('[role=status]').textContent = refusal.error ?? '';
    for (const field of form.querySelectorAll('input')) field.ariaInvalid = String(field.name === refusal.variable);
    form.querySelector('[aria-invalid=true]')?.focus();
    if (answer?.ok) document.querySelector('#keys-changed').click();
    if (answer?.ok) document.dispatchEvent(new Event('inkquest:account'));
  };
  document.addEventListener('submit', (event) => {
    const form = event.target.closest?.('form.own-key');
    if (!form) return;
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    for (const secret of form.querySelectorAll('[type=password]')) secret.value = '';
    send(form, 'POST', values);
  });
  document.addEventListener('click', (event) => {
    const form = event.target.matches?.('[data-remove]') && event.target.closest('form.own-key');
    if (form) send(form, 'DELETE', {});
  });
})();

// A question that must be answered first: it has the focus, and everything else waits.
(() => {
  let asked = null; // the part of the screen that asks
  const fenced = []; // what waits: the part that asked may be gone when all may go on
  const fence = (part) => {
    for (let inner = part; inner !== document.body; inner = inner.parentElement)
      fenced.push(...[...inner.parentElement.children].filter((other) => other !== inner && !other.inert));
    for (const other of fenced) other.inert = true;
  };
  document.addEventListener('inkquest:changed', () => {
    const question = [...document.querySelectorAll('section.consent')].find((one) => one.checkVisibility());
    const asking = question?.closest('#consent, #evaluate-consent') ?? null;
    if (asking === asked) return;
    for (const other of fenced.splice(0)) other.inert = false;
    asked = asking;
    if (!asked) return;
    fence(asked);
    question.focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && asked) [...asked.querySelectorAll('button')].at(-1).click();
  });
})();
