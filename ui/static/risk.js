// Words shaded by how likely they are wrong, where somebody asks for it: the server is asked once for all readings,
// nothing while somebody types. A panel that is drawn anew is shaded anew.
(() => {
  const LEVELS = [5, 20, 50]; // per cent from which a word is shaded, more, and most
  let on = false;
  let asked = null; // the agreement for whose readings the server was asked
  let stale = null; // the answer that was there before
  let told = null; // the answer as read, with the element that brought it

  // What is drawn as one word may be several of the reading: the riskiest of them counts. Both lists are in order.
  const riskiest = (words, first, end) => {
    let found = words[first];
    for (let at = first; at < words.length && words[at][0] < end; at += 1)
      if (words[at][2] > found[2]) found = words[at];
    return found && found[0] < end ? found : [];
  };
  const shade = (panel, { words, check }) => {
    const drawn = [...panel.querySelectorAll('.text .w')];
    const risky = [];
    let first = 0;
    for (const [at, word] of drawn.entries()) {
      while (first < words.length && words[first][1] <= Number(word.dataset.s)) first += 1;
      const [, , percent, reason] = riskiest(words, first, Number(drawn[at + 1]?.dataset.s ?? Infinity));
      if (percent === undefined) continue;
      word.dataset.own ??= word.title;
      word.dataset.risk = [_('{percent} % likely to be wrong', { percent }), reason, word.dataset.own]
        .filter(Boolean)
        .join(' · ');
      word.title = word.dataset.risk;
      const level = LEVELS.filter((least) => percent >= least).length;
      if (!level) continue;
      word.classList.add(`r${level}`);
      word.tabIndex = risky.length ? -1 : 0;
      risky.push(word);
    }
    const line = document.createElement('p');
    line.className = 'risk-said';
    const button = Object.assign(document.createElement('button'), {
      type: 'button',
      textContent: check
        ? _('Check these {places} of {words} words', { places: check, words: words.length })
        : _('No word needs a look'),
      disabled: !check,
    });
    Object.assign(button.dataset, { press: 'words', reader: panel.dataset.engine });
    const said = document.createElement('span');
    said.setAttribute('role', 'status');
    line.append(button, said);
    panel.querySelector('.text').after(line);
  };
  const clear = () => {
    for (const line of document.querySelectorAll('.risk-said')) line.remove();
    for (const word of document.querySelectorAll('.w[data-risk]')) {
      word.classList.remove('r1', 'r2', 'r3');
      word.removeAttribute('tabindex');
      word.title = word.dataset.own;
      delete word.dataset.risk;
    }
  };
  const say = (word) => {
    const said = word?.closest('.panel')?.querySelector('.risk-said span');
    if (said) said.textContent = word.dataset.risk;
  };

  const draw = () => {
    document.body.classList.toggle('shading-risk', on);
    document.querySelector('[data-shade]')?.setAttribute('aria-pressed', String(on));
    const legend = document.querySelector('.risk-legend');
    if (legend) legend.hidden = !on;
    if (!on) {
      if (document.querySelector('.risk-said')) clear();
      return;
    }
    const agreement = document.querySelector('.agreement');
    if (agreement && agreement !== asked) {
      asked = agreement;
      stale = document.querySelector('[data-risks]');
      document.getElementById('shade').click();
      return;
    }
    const element = document.querySelector('[data-risks]');
    if (!element || element === stale) return;
    if (told?.element !== element) {
      clear();
      told = { element, answers: JSON.parse(element.dataset.risks) };
    }
    for (const panel of document.querySelectorAll('.panel[data-engine]')) {
      const answer = told.answers[panel.dataset.engine];
      if (answer && panel.querySelector('.text .w') && !panel.querySelector('.risk-said')) shade(panel, answer);
    }
  };
  document.addEventListener('inkquest:changed', () => requestAnimationFrame(() => requestAnimationFrame(draw)));

  document.addEventListener('click', (event) => {
    if (event.target.closest?.('[data-shade]')) {
      on = !on;
      draw();
    }
  });
  for (const kind of ['pointerover', 'focusin'])
    document.addEventListener(kind, (event) => {
      if (on) say(event.target.closest?.('.w[data-risk]'));
    });
  document.addEventListener('keydown', (event) => {
    const word = event.target.closest?.('.w[data-risk]');
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!on || !word || !step) return;
    const risky = [...word.closest('.text').querySelectorAll('.w[tabindex]')];
    const next = risky[(risky.indexOf(word) + step + risky.length) % risky.length];
    word.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    event.preventDefault();
  });
})();
