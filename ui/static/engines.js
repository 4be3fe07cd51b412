// The tables of engines, on their own tab and in the picker: found by words and ticks, put in order by a heading, taken
// to a place on Compare by a button.
(() => {
  const rows = (table) => [...table.querySelectorAll('tr[data-name]')];

  const sieve = (form) => {
    const words = form.elements.words.value.toLowerCase().split(/\s+/);
    const table = form.parentElement.querySelector('.catalogue');
    const said = (row) => {
      const vendor = row.parentElement.querySelector('.vendor th > span')?.textContent ?? '';
      return `${row.textContent} ${vendor}`.toLowerCase();
    };
    let shown = 0;
    for (const row of rows(table)) {
      const fits =
        words.every((word) => said(row).includes(word)) &&
        (!form.elements.ready.checked || row.dataset.ready === '0') &&
        (!form.elements.local.checked || 'local' in row.dataset) &&
        (!form.elements.boxes.checked || 'boxes' in row.dataset);
      row.hidden = !fits;
      shown += fits;
    }
    for (const vendor of table.querySelectorAll('tr.vendor'))
      vendor.hidden = rows(vendor.parentElement).every((row) => row.hidden);
    form.querySelector('[role=status]').textContent = ngettext('{n} engine', '{n} engines', shown);
  };
  document.addEventListener('input', (event) => {
    const form = event.target.closest?.('.sieve');
    if (form) sieve(form);
  });
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('.sieve')) return;
    event.preventDefault();
    if (picker()?.contains(event.target)) bestMatch(event.target.elements.words.value)?.click();
  });

  // An unknown price is neither low nor high: it comes last in either order.
  const order = (name, sign) => (one, other) => {
    const [left, right] = [one.dataset[name], other.dataset[name]];
    if (!left || !right) return Number(!left) - Number(!right);
    return sign * (name === 'name' ? left.localeCompare(right) : left - right);
  };
  document.addEventListener('click', (event) => {
    const name = event.target.dataset?.sort;
    if (!name) return;
    const heading = event.target.closest('th');
    const rising = heading.ariaSort !== 'ascending';
    for (const other of heading.parentElement.children) other.ariaSort = null;
    heading.ariaSort = rising ? 'ascending' : 'descending';
    const sorted = rows(heading.closest('table')).sort(order(name, rising ? 1 : -1));
    sorted[0].parentElement.append(...sorted);
  });

  // Each screen with chips has a picker. It opens at once as it was last, and the server brings it up to date: what
  // stands there can be replaced while it is open, and comes back as the visitor left it.
  const screen = { chips: '#pickers', picker: '#picker', ask: '#pick' };
  const picker = () => document.querySelector(`${screen.picker} dialog.picker`);
  const wanted = { place: null, words: '', ticks: [], from: 0, back: null, form: false };
  const names = () => [...picker().querySelectorAll('tr:not([hidden]) > th > [data-choose]:enabled')];
  const bestMatch = (words) => {
    const said = (button) => button.textContent.toLowerCase();
    const typed = words.trim().toLowerCase();
    return names().find((button) => said(button) === typed) ?? names()[0];
  };
  const fields = () => picker().querySelector('.sieve').elements;
  const open = () => {
    const dialog = picker();
    if (!dialog || dialog.open || wanted.place === null) return;
    if (several()) press();
    else dialog.querySelector('h2').textContent = _('Choose engine {number}', { number: Number(wanted.place) + 1 });
    fields().words.value = wanted.words;
    for (const name of wanted.ticks) fields()[name].checked = true;
    sieve(dialog.querySelector('.sieve'));
    dialog.showModal();
    dialog.querySelector('.table-scroll').scrollTop = wanted.from;
    fields().words.focus();
  };
  const ask = () => document.querySelector(screen.ask).click();
  const shut = () => {
    wanted.back = wanted.place;
    wanted.place = null;
    picker().close();
    comeBack();
  };
  // To the chip, also when it is drawn anew a moment later; until the visitor goes elsewhere. What is closed keeps the
  // focus until the next frame.
  const comeBack = () => {
    const elsewhere = document.activeElement !== document.body && !document.activeElement.closest('.picker');
    if (wanted.back === null || picker()?.open || elsewhere) return;
    document.querySelector(`${screen.chips} .chip[data-place="${wanted.back}"]`)?.focus();
  };
  document.addEventListener('pointerdown', () => {
    wanted.back = null;
  });
  document.addEventListener('focusout', () => setTimeout(comeBack));
  document.addEventListener('focusin', (event) => {
    if (!event.target.matches('.chip, .picker *')) wanted.back = null;
  });
  const write = (field, text) => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const use = (engine, place) => {
    write(document.querySelector('#use :is(input, textarea)'), `${place} ${Date.now()} ${engine}`);
  };
  // In Evaluate any number is chosen.
  const several = () => picker()?.matches('[data-several]');
  const chosen = () => document.querySelector('#evaluate-engines :is(input, textarea)');
  const ids = () => chosen().value.split(' ').filter(Boolean);
  const press = () => {
    for (const button of picker().querySelectorAll('[data-choose]'))
      button.ariaPressed = String(ids().includes(button.dataset.choose));
  };
  const toggle = (engine) => {
    const others = ids().filter((id) => id !== engine);
    write(chosen(), (others.length < ids().length ? others : [...others, engine]).join(' '));
    if (several()) press();
  };
  document.addEventListener('input', (event) => {
    if (!event.target.matches?.('.picker .sieve input')) return;
    wanted.words = fields().words.value;
    wanted.ticks = ['ready', 'local', 'boxes'].filter((name) => fields()[name].checked);
  });
  document.addEventListener(
    'scroll',
    (event) => {
      if (event.target.matches?.('.picker .table-scroll')) wanted.from = event.target.scrollTop;
    },
    true,
  );
  document.addEventListener('click', (event) => {
    const target = event.target.closest?.('[data-use], [data-choose], [data-toggle], [data-place], [data-close]');
    if (event.target === picker()) shut(); // beside it
    if (!target) return;
    if (target.dataset.place) {
      const before = target.closest('#evaluate-pickers') ? '#evaluate-' : '#';
      Object.assign(screen, { chips: `${before}pickers`, picker: `${before}picker`, ask: `${before}pick` });
      Object.assign(wanted, { place: target.dataset.place, words: '', ticks: [], from: 0 });
      open();
      ask();
      return;
    }
    const engine = target.dataset.toggle ?? (several() && target.dataset.choose);
    if (engine) {
      toggle(engine);
      return;
    }
    if (target.dataset.choose) {
      use(target.dataset.choose, wanted.place);
      wanted.form = 'own' in target.closest('tr').dataset;
    }
    if (target.dataset.use) {
      use(target.dataset.use, '-');
      document.querySelector('[role=tablist] button').click();
    } else shut();
  });
  document.addEventListener('keydown', (event) => {
    if (!picker()?.open) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      shut();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = names().indexOf(document.activeElement);
    if (!step || (at < 0 && document.activeElement !== fields().words)) return;
    event.preventDefault();
    (names()[at + step] ?? fields().words).focus();
  });
  document.addEventListener('inkquest:account', () => {
    if (picker()?.open) ask();
  });
  // The form for a reading of one's own may stand out of sight: who has chosen it is taken there once it is drawn.
  const toForm = () => {
    const text = document.querySelector('#own-text textarea');
    if (!wanted.form || !text?.offsetParent) return;
    Object.assign(wanted, { form: false, back: null });
    text.focus({ preventScroll: true });
    document.querySelector('#own-reading').scrollIntoView({ block: 'center' });
  };
  document.addEventListener('inkquest:changed', () => {
    open();
    toForm();
    comeBack();
  });
})();
