// The readings line by line: the ink of each line of the page, and under it what every engine made of it. Built from
// what the panels show, whenever that changes, while somebody looks; which view that is the browser remembers.
(() => {
  const KEPT = 'inkquest:view';
  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    made.className = className;
    made.append(...children);
    return made;
  };

  // Who says where lines stand, the best first.
  const guide = () => {
    const panels = [...document.querySelectorAll('#slots .panel')].filter((one) =>
      one.querySelector('.w[data-l][data-t]'),
    );
    return panels.find((one) => one.classList.contains('best')) ?? panels[0];
  };

  // The lines in reading order: the box, and the first of the words that all readings know by number.
  const linesOf = (panel) => {
    const lines = [];
    for (const { dataset } of panel.querySelectorAll('.w[data-l][data-t]')) {
      if (lines.some((line) => line.box === dataset.l)) continue;
      if (!lines.length || Number(dataset.t) > lines.at(-1).from)
        lines.push({ box: dataset.l, from: Number(dataset.t) });
    }
    if (lines.length) lines[0].from = 0;
    return lines;
  };

  // A reading cut where the lines begin; what stands between words goes with the word before it.
  const cut = (panel, lines) => {
    const parts = lines.map(() => []);
    let at = 0;
    for (const node of [...panel.querySelectorAll('.text .line')].flatMap((line) => [...line.childNodes])) {
      const word = Number(node.dataset?.t ?? Number.NaN);
      while (at + 1 < lines.length && word >= lines[at + 1].from) at += 1;
      parts[at].push(node.nodeName === '#text' ? node.data.replaceAll('\n', ' ') : node.cloneNode(true));
    }
    return parts;
  };

  const ink = (box) => {
    const crop = element('div', 'crop');
    const polygon = document.querySelector(`.boxes polygon[data-b="${CSS.escape(box)}"]`);
    const picture = document.querySelector('.page-image');
    if (!polygon || !picture) return crop;
    const { width, height } = document.querySelector('.boxes').viewBox.baseVal;
    const { x, y, width: wide, height: high } = polygon.getBBox();
    const place = (start, size, whole) => (whole > size ? `${(100 * start) / (whole - size)}%` : '0');
    Object.assign(crop.style, {
      backgroundImage: `url("${encodeURI(picture.getAttribute('src'))}")`,
      backgroundSize: `${(100 * width) / wide}% ${(100 * height) / high}%`,
      backgroundPosition: `${place(x, wide, width)} ${place(y, high, height)}`,
      aspectRatio: `${wide} / ${high}`,
      maxWidth: `${(5 * wide) / high}rem`,
    });
    return crop;
  };

  // Engines that read alike share a row.
  const row = (read) => {
    const rows = new Map();
    for (const [label, nodes] of read) {
      const text = element('p', 'read', ...nodes);
      const same = rows.get(text.textContent.trim());
      if (same) same.push(label);
      else rows.set(text.textContent.trim(), [text, label]);
    }
    return [...rows.values()].map(([text, ...labels]) =>
      element('div', 'variant', element('b', '', labels.join(', ')), text),
    );
  };

  let drawn = '';
  const draw = () => {
    const view = document.querySelector('.by-line');
    const panels = [...document.querySelectorAll('#slots .panel:has(.text[data-plain])')];
    const known = panels.map((one) => one.dataset.engine + one.querySelector('.text').dataset.paint).join();
    const all = `${known} ${document.querySelector('.boxes')?.dataset.seen} ${document.querySelector('.page-image')?.src}`;
    if (!view || drawn === all) return;
    drawn = all;
    const first = guide();
    if (!first) {
      view.replaceChildren(element('p', 'none', _('No engine here says where the lines stand.')));
      return;
    }
    const lines = linesOf(first);
    const cuts = panels.map((panel) => [panel.getAttribute('aria-label'), cut(panel, lines)]);
    view.replaceChildren(
      ...lines.map((line, at) =>
        element('section', 'ink-line', ink(line.box), ...row(cuts.map(([label, parts]) => [label, parts[at]]))),
      ),
    );
  };

  // Before anybody has read, the panels say what an engine still needs.
  const chosen = () => localStorage.getItem(KEPT) === 'line';
  const show = () => {
    const now = chosen() && document.querySelector('.verdict [data-view]') !== null;
    document.documentElement.classList.toggle('line-by-line', now);
    for (const button of document.querySelectorAll('[data-view]'))
      button.setAttribute('aria-pressed', String((button.dataset.view === 'line') === chosen()));
    if (now) requestAnimationFrame(draw);
  };
  document.addEventListener('click', (event) => {
    const { view } = event.target.dataset ?? {};
    if (!view) return;
    localStorage.setItem(KEPT, view);
    show();
  });
  document.addEventListener('inkquest:changed', show);
})();
