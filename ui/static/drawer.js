// What belongs to a result opens beside it, one at a time, in a drawer at the side; else it stands below the readings.
(() => {
  const PARTS = ['settling', 'trust', 'parity', 'share'];
  let opener; // what the focus goes back to
  let awaited; // and what asked for a desk that the server has yet to draw

  const deskFor = (by) => document.querySelector(`#settling .settling[data-kind="${by.dataset.press}"]`);

  const close = () => {
    awaited = undefined;
    const { drawer } = document.documentElement.dataset;
    if (!drawer) return;
    delete document.documentElement.dataset.drawer;
    const part = document.getElementById(drawer);
    part.querySelector('.shut')?.remove();
    if (drawer === 'settling') for (const desk of part.querySelectorAll('.settling')) desk.hidden = true;
    opener?.focus({ preventScroll: true });
  };

  const open = (part, by) => {
    if (document.documentElement.dataset.drawer === part.id) return;
    close();
    opener = by;
    document.documentElement.dataset.drawer = part.id;
    if (part.id !== 'settling') {
      const shut = Object.assign(document.createElement('button'), {
        type: 'button',
        className: 'shut',
        textContent: '×',
      });
      shut.setAttribute('aria-label', _('Close'));
      part.prepend(shut);
    }
    part.scrollTop = 0;
  };

  document.addEventListener('click', (event) => {
    const by = event.target.closest?.('.verdict [data-go], .verdict [data-press], .agreement [data-press]');
    const part = by && document.getElementById(by.dataset.go ?? 'settling');
    if (part && PARTS.includes(part.id)) {
      if (part.id === 'settling' && !deskFor(by)) awaited = by;
      else open(part, by);
    }
    if (event.target.closest?.('.shut, [data-settle="close"]')) close();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.target.matches?.('input') && !document.querySelector('dialog[open]')) close();
  });
  document.addEventListener('inkquest:changed', () => {
    if (awaited && deskFor(awaited)) {
      open(document.getElementById('settling'), awaited);
    }
    const { drawer } = document.documentElement.dataset;
    const details = drawer && document.getElementById(drawer).querySelector('details.parity');
    if (details) details.open = true; // drawn anew while it is looked at
    // a desk that is done leaves nothing to show
    if (drawer === 'settling' && document.querySelector('#settling .settling')?.hidden) close();
  });
})();
