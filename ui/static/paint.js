// Draws readings: the panel brings its plain text and a list of spans, the page's boxes say which stretch they cover.
// Text only ever becomes text nodes. Offsets count code points, as on the server.
(() => {
  const [EQUAL, REPLACE, INSERT, DELETE, DIFFERS] = [0, 1, 2, 3, 4];
  const MANY_LINES = 200; // several pages' worth

  // The last entry of a sorted list that starts at or before an offset.
  const before = (list, offset, start) => {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (start(list[middle]) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  const twinFinder = (twins, words) => (offset) => {
    const [hyp, ref, length] = twins[before(twins, offset, (twin) => twin[0])] ?? [];
    if (!length || !words.length) return undefined;
    return Math.max(
      0,
      before(words, ref + Math.min(offset - hyp, length - 1), (word) => word),
    );
  };
  const placeFinder = (engine, level) => {
    const layer = document.querySelector(`.boxes g[data-engine="${CSS.escape(engine)}"][data-level="${level}"]`);
    const places = layer ? JSON.parse(layer.dataset.places) : [];
    return (offset) => {
      const place = places[before(places, offset, (one) => one[0])];
      return place && offset < place[1] ? place : undefined;
    };
  };

  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const aside = (words) => element('span', 'vh', ` ${words} `);
  const WIDE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff01-\uff60]/gu;
  // By how many of its letters a correction is wider than what it stands above, as `Piece.room` has it on shared pages.
  const room = (text, other) => {
    const [below, above] = [text, other].map((one) => [Array.from(one).length, one.match(WIDE)?.length ?? 0]);
    return Math.max(0, Math.ceil(Math.min(above[0] + 0.7 * above[1], 20) - 0.5 - 0.78 * below[0] - 1.7 * below[1]));
  };
  const DOUBTS = { unsure: _('(unsure)'), doubtful: _('(doubtful)') };
  const drawn = {
    [EQUAL]: (text) => text,
    [REPLACE]: (text, other) => {
      const made = element('mark', '', aside(_('read as')), text, aside(_('instead of')), element('i', '', other));
      if (room(text, other)) made.dataset.room = '\u00a0'.repeat(room(text, other));
      return made;
    },
    [INSERT]: (text) => element('ins', '', aside(_('extra')), text),
    [DELETE]: (_text, other) => element('del', '', aside(_('missing')), other === ' ' ? '␣' : other),
    [DIFFERS]: (text, other) => {
      const made = element('span', 'differs', aside(_('(others read {text})', { text: other })), text || '‸');
      made.title = other;
      return made;
    },
  };

  // Words stay together whatever is wrong inside them; only right or extra white space parts them. Lines are blocks, so
  // that the browser may lay out those in sight alone.
  const paint = (box) => {
    const panel = box.closest('.panel');
    const text = Array.from(box.textContent);
    const spans = JSON.parse(box.dataset.paint);
    const words = JSON.parse(document.querySelector('.verdict')?.dataset.words ?? '[]');
    const twins = box.dataset.twins ? JSON.parse(box.dataset.twins) : [];
    if (!spans.length && text.length) spans.push([EQUAL, text.length, 0, 0]);
    const doubts = JSON.parse(box.dataset.doubts ?? '[]');
    const doubtAt = (offset) => {
      const doubt = doubts[before(doubts, offset, (one) => one[0])];
      return doubt && offset < doubt[1] ? doubt : undefined;
    };
    let at = 0;
    const parts = [];
    for (const [kind, length, refStart, other] of spans) {
      const stretch = text.slice(at, at + length).join('');
      if (!box.dataset.twins && length)
        twins.push([at, refStart, typeof other === 'string' ? Array.from(other).length : other]);
      if (kind === EQUAL || kind === INSERT) {
        let start = at;
        for (const run of stretch.match(/\n|[^\S\n]+|\S+/g) ?? []) {
          parts.push([kind, run, '', start]);
          start += Array.from(run).length;
        }
      } else parts.push([kind, stretch, other, at]);
      at += length;
    }
    const twinAt = twinFinder(twins, words);
    const boxAt = placeFinder(panel.dataset.engine, 'word');
    const lineAt = placeFinder(panel.dataset.engine, 'line');
    const nameOf = (place) => place && `${panel.dataset.engine}-${place[2]}`;
    const out = document.createDocumentFragment();
    let line = null;
    let word = null;
    for (const [kind, stretch, other, start] of parts) {
      if (!line) {
        line = element('span', 'line');
        out.append(line);
      }
      if (kind !== DELETE && stretch && !stretch.trim()) {
        word = null;
        line.append(drawn[kind](stretch, other));
        if (stretch.endsWith('\n')) line = null;
        continue;
      }
      if (!word) {
        word = element('span', 'w');
        word.dataset.s = start;
        const [box, row] = [boxAt(start), lineAt(start)];
        const known = { t: twinAt(start), b: nameOf(box), l: nameOf(row) };
        for (const [name, value] of Object.entries(known)) if (value !== undefined) word.dataset[name] = value;
        const sure = box?.[3] ?? row?.[3];
        if (sure !== undefined)
          word.title =
            box?.[3] === undefined
              ? _('the engine says it is {sure} % sure of this line', { sure })
              : _('the engine says it is {sure} % sure of this word', { sure });
        const [, , level, reason] = doubtAt(start) ?? [];
        if (level) {
          word.classList.add(level);
          word.title = reason;
          word.append(aside(DOUBTS[level]));
        }
        line.append(word);
      }
      word.append(drawn[kind](stretch, other));
    }
    if (!parts.length) out.append(element('span', 'nothing', _('(no text found)')));
    box.dataset.plain = text.join('');
    box.classList.toggle('long', out.childElementCount > MANY_LINES);
    box.replaceChildren(out);
  };
  const paintAll = (again) => {
    for (const box of document.querySelectorAll('.text[data-paint]')) {
      if (box.dataset.plain === undefined) paint(box);
      else if (again) {
        box.textContent = box.dataset.plain;
        paint(box);
      }
    }
  };
  // Panels, boxes and the pivot's words change in one go, but not at the same moment: all are there by the next frame.
  let known = '';
  let boxes = null;
  let waiting = false;
  document.addEventListener('inkquest:changed', () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const words = document.querySelector('.verdict')?.dataset.words ?? '';
      const overlay = document.querySelector('.boxes');
      paintAll(words !== known || overlay !== boxes);
      [known, boxes] = [words, overlay];
    });
  });
})();
