// Settling disputes: a walk through the places where engines differ, by keyboard, with the ink beside each.
// The server sends the places and their boxes once; nothing more is asked of it until the reference is written.
(() => {
  const desks = new WeakMap();
  // What kind of place it is, as which of how many, and what is asked of it.
  const KINDS = {
    dispute: [(which) => _('Dispute {at} of {all}', which), _('What does the page say?')],
    check: [(which) => _('Check {at} of {all}', which), _('Every engine reads this. Does the page say so?')],
    against: [
      (which) => _('Place {at} of {all}', which),
      _('All engines read the same here, and your reference says something else. What does the page say?'),
    ],
    word: [(which) => _('Word {at} of {all}', which), _('Does the page say so?')],
  };
  const ABOUT = {
    date: _('It is about a date.'),
    amount: _('It is about an amount.'),
    number: _('It is about a number.'),
    name: _('It is about a name.'),
  };

  const start = (section) => {
    const lines = [...section.querySelectorAll('.flow p')].map((line) => [...line.children]);
    const items = JSON.parse(section.dataset.items);
    const desk = {
      section,
      source: section.dataset.items,
      items,
      at: 0,
      lines,
      wrong: 0,
      said: new Map(),
      done: new Set(),
      seconds: 0,
      last: performance.now(),
    };
    for (const item of items) item.choice = item.variants[0].text;
    desks.set(section, desk);
    show(desk);
    if (!section.closest('#settling')) return;
    section.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
    section.focus({ preventScroll: true });
  };

  // The ink: the page as a background, scaled so that the box fills the frame.
  const showInk = (desk, box) => {
    const crop = desk.section.querySelector('.crop');
    crop.hidden = !box;
    if (!box) return;
    const [left, top, right, bottom] = box;
    const page = { width: Number(desk.section.dataset.width), height: Number(desk.section.dataset.height) };
    const frame = { width: crop.clientWidth, height: crop.clientHeight };
    const scale = Math.min(frame.height / (2 * (bottom - top)), frame.width / (1.1 * (right - left)), 4);
    const place = (size, middle, whole) => Math.min(0, Math.max(size - whole * scale, size / 2 - middle * scale));
    const x = place(frame.width, (left + right) / 2, page.width);
    const y = place(frame.height, (top + bottom) / 2, page.height);
    Object.assign(crop.style, {
      backgroundImage: `url("${encodeURI(desk.section.dataset.page)}")`,
      backgroundSize: `${page.width * scale}px ${page.height * scale}px`,
      backgroundPosition: `${x}px ${y}px`,
    });
    Object.assign(crop.firstElementChild.style, {
      left: `${left * scale + x}px`,
      top: `${top * scale + y}px`,
      width: `${(right - left) * scale}px`,
      height: `${(bottom - top) * scale}px`,
    });
  };

  window.addEventListener('resize', () => {
    for (const section of document.querySelectorAll('.settling')) {
      const desk = desks.get(section);
      if (desk?.items[desk.at]) showInk(desk, desk.items[desk.at].box);
    }
  });

  const element = (name, text, attributes = {}) =>
    Object.assign(document.createElement(name), { textContent: text }, attributes);
  const show = (desk) => {
    const { section, items } = desk;
    const item = items[desk.at];
    const alike = items.filter((one) => one.kind === item?.kind);
    const nothing = !items.length && section.dataset.kind !== 'settle';
    const finished = !nothing && desk.done.size === items.length;
    section.classList.toggle('finished', finished);
    const [where, ask] = KINDS[item?.kind] ?? [() => '', ''];
    const note = item?.note ? ` · ${item.note}` : '';
    const place = item ? where({ at: alike.indexOf(item) + 1, all: alike.length }) + note : '';
    const done = section.querySelector('progress');
    if (done) done.value = desk.done.size / items.length;
    const left = items.length - desk.done.size;
    const progress = section.dataset.kind === 'settle' && item && left ? ` · ${timeFor(desk, left)}` : '';
    const rest = section.querySelector('.rest');
    const clear = clearOf(desk).length;
    if (rest) {
      rest.hidden = !clear;
      rest.textContent = ngettext('Accept one more on which most agree', 'Accept {n} more on which most agree', clear);
    }
    const over =
      section.dataset.kind === 'words' ? _('All checked.') : [_('All settled.'), ...agreedAndWrong(desk)].join(' ');
    section.querySelector('.where').textContent = finished ? over : place + progress;
    if (item) {
      section.querySelector('.ask').textContent = item.about ? `${ask} ${ABOUT[item.about]}` : ask;
      section.querySelector('ol').replaceChildren(
        ...item.variants.map((variant, index) => {
          const button = element('button', '', { type: 'button' });
          button.dataset.pick = index;
          button.setAttribute('aria-pressed', String(variant.text === item.choice));
          button.append(
            element('kbd', String(index + 1)),
            element('b', variant.text || _('nothing')),
            element('small', variant.who),
          );
          const entry = document.createElement('li');
          entry.append(button);
          return entry;
        }),
      );
      const typed = section.querySelector('input');
      typed.value = item.variants.some((variant) => variant.text === item.choice) ? '' : item.choice;
      showInk(desk, item.box);
    }
    for (const word of desk.lines.flat()) {
      const number = Number(word.dataset.n);
      if (desk.said.has(number)) word.textContent = desk.said.get(number) || '∅';
      word.classList.toggle('settled', desk.said.has(number));
      word.classList.toggle('now', Boolean(item?.numbers.includes(number)));
    }
    section.querySelector('.flow .now')?.scrollIntoView({ block: 'nearest' });
  };

  const agreedAndWrong = ({ wrong, checked }) =>
    checked
      ? [
          ngettext(
            '{n} of {all} checked lines was wrong although all agreed.',
            '{n} of {all} checked lines were wrong although all agreed.',
            wrong,
            { all: checked },
          ),
        ]
      : [];
  // At the visitor's own pace, once it shows; a pause longer than 20 seconds is a pause.
  const timeFor = ({ seconds, done }, left) => {
    const minutes = (left * (done.size > 2 ? seconds / done.size : 4)) / 60;
    return minutes < 1
      ? _('{n} done, less than a minute left', { n: done.size })
      : _('{n} done, about {minutes} min left', { n: done.size, minutes: Math.round(minutes) });
  };
  // Disputes not yet settled in which most of the trust is behind what is suggested.
  const clearOf = ({ items, done }) => items.filter((item, at) => item.clear && !done.has(at));
  const acceptRest = (desk) => {
    for (const item of clearOf(desk)) {
      desk.said.set(item.numbers[0], item.choice);
      desk.done.add(desk.items.indexOf(item));
    }
    desk.at = Math.max(
      0,
      desk.items.findIndex((_item, at) => !desk.done.has(at)),
    );
    if (desk.done.size === desk.items.length) use(desk);
    show(desk);
    desk.section.focus({ preventScroll: true });
  };
  const walk = (desk, step) => {
    desk.at = (desk.at + step + desk.items.length) % desk.items.length;
    show(desk);
    desk.section.focus({ preventScroll: true });
  };
  const accept = (desk) => {
    const item = desk.items[desk.at];
    desk.seconds += Math.min(20, (performance.now() - desk.last) / 1000);
    desk.last = performance.now();
    const typed = desk.section.querySelector('input').value.trim();
    if (typed) item.choice = typed;
    item.numbers.forEach((number, index) => {
      if (item.kind !== 'check' || item.choice !== item.variants[0].text)
        desk.said.set(number, index ? '' : item.choice);
    });
    if (item.kind === 'check') {
      if (!desk.done.has(desk.at)) desk.checked = (desk.checked ?? 0) + 1;
      desk.wrong = desk.items.filter(
        (one, at) => one.kind === 'check' && (desk.done.has(at) || one === item) && one.choice !== one.variants[0].text,
      ).length;
    }
    desk.done.add(desk.at);
    show(desk);
    if (item.kind === 'against') use(desk);
    const checkedText = desk.section.querySelector('.actions textarea');
    if (checkedText) checkedText.value = exactly(desk);
    if (desk.done.size === desk.items.length) {
      if (item.kind !== 'word') use(desk);
      desk.section.focus({ preventScroll: true });
      return;
    }
    do desk.at = (desk.at + 1) % desk.items.length;
    while (desk.done.has(desk.at));
    show(desk);
    desk.section.focus({ preventScroll: true });
  };
  const wordsOf = (desk) =>
    desk.lines
      .map((line) =>
        line
          .map((word) => word.textContent)
          .filter((word) => word && word !== '∅')
          .join(' '),
      )
      .filter(Boolean)
      .join('\n');
  // A text that is whole but for what was said; a word that is taken out takes the space before it along.
  const exactly = ({ lines, said }) => {
    let text = '';
    for (const piece of lines.flat()) {
      const now = said.get(Number(piece.dataset.n)) ?? piece.textContent;
      text = now ? text + now : text.replace(/[^\S\n]$/, '');
    }
    return text;
  };
  const use = (desk) => {
    const reference = document.querySelector(desk.section.dataset.target);
    reference.value = desk.section.dataset.kind === 'settle' ? wordsOf(desk) : exactly(desk);
    reference.dispatchEvent(new Event('input', { bubbles: true }));
  };

  document.addEventListener('keydown', (event) => {
    const section = event.target.closest?.('.settling');
    const desk = section && desks.get(section);
    if (!desk || event.ctrlKey || event.metaKey || event.altKey || !desk.items.length) return;
    const input = section.querySelector('input');
    const typing = event.target === input;
    const key = event.key;
    if (key === 'Escape') section.focus();
    else if (key === 'Enter' && !event.target.matches('button:not([data-pick])')) accept(desk);
    else if (key === 'ArrowDown' || (!typing && key === 'j')) walk(desk, 1);
    else if (key === 'ArrowUp' || (!typing && key === 'k')) walk(desk, -1);
    else if (!typing && event.target.matches('button') && key === ' ') return;
    else if (!typing && key === '0' && section.dataset.kind === 'settle') acceptRest(desk);
    else if (!typing && /^[1-9]$/.test(key)) {
      const variant = desk.items[desk.at].variants[Number(key) - 1];
      if (variant) {
        desk.items[desk.at].choice = variant.text;
        if (desk.section.dataset.kind !== 'settle') accept(desk);
        else show(desk);
      }
    } else if (!typing && key === ' ') input.focus();
    else if (!typing && key.length === 1) {
      input.focus();
      return;
    } else return;
    event.preventDefault();
  });
  document.addEventListener('click', (event) => {
    const click = event.target.closest?.('[data-click]');
    if (click) document.getElementById(click.dataset.click).click();
    const press = event.target.closest?.('[data-press]');
    if (press) {
      const { press: kind, reader } = press.dataset;
      const there = document.querySelector('#settling .settling');
      if (reader !== undefined) document.body.dataset.check = reader;
      if (there?.dataset.kind === kind) {
        there.hidden = false;
        there.focus();
      }
      if (there?.dataset.kind !== kind || kind !== 'settle') document.getElementById(kind).click();
    }
    const section = event.target.closest?.('.settling');
    const desk = section && desks.get(section);
    if (!desk) return;
    const pick = event.target.closest('[data-pick]');
    const word = event.target.closest('.slot-word');
    const action = event.target.closest('[data-settle]')?.dataset.settle;
    if (pick) {
      desk.items[desk.at].choice = desk.items[desk.at].variants[Number(pick.dataset.pick)].text;
      section.querySelector('input').value = '';
      accept(desk);
    }
    if (word) {
      desk.at = desk.items.findIndex((item) => item.numbers.includes(Number(word.dataset.n)));
      show(desk);
      section.focus({ preventScroll: true });
    }
    if (action === 'use') use(desk);
    if (action === 'rest') acceptRest(desk);
    if (action === 'close') section.hidden = true;
  });
  document.addEventListener('inkquest:changed', () => {
    // One desk may become another in place.
    for (const section of document.querySelectorAll('.settling'))
      if (desks.get(section)?.source !== section.dataset.items) start(section);
  });
})();
