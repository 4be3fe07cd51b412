// Pages may be dropped or pasted anywhere in the window, and one is chosen among those of its file by a picture.
(() => {
  // Who takes files, by what of it can be seen: each tab has its own.
  const takers = [
    {
      seen: '#page-actions',
      input: '#page-actions input[type=file]',
      says: _('Drop the page here: an image, PDF or TIFF'),
    },
    {
      seen: '#evaluate-files-in',
      input: '#evaluate-files-in input[type=file]',
      says: _('Drop your pages here: files or a zip'),
      several: true,
    },
  ];
  const taker = () =>
    takers.find(({ seen, input }) => document.querySelector(seen)?.offsetParent && document.querySelector(input));
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
  // Other places for files keep theirs.
  const another = (target) => {
    const place = target?.closest?.('.block');
    return place?.querySelector('input[type=file]') && !target.closest('#upload, #page-actions');
  };

  const take = (files) => {
    const found = taker();
    if (!found || !files.length) return false;
    const taken = new DataTransfer();
    for (const file of found.several ? files : [files[0]]) taken.items.add(file);
    const input = document.querySelector(found.input);
    input.files = taken.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
  };

  const target = document.createElement('div');
  target.id = 'drop-target';
  target.hidden = true;
  target.setAttribute('aria-hidden', 'true');
  const show = (shown) => {
    if (!target.isConnected) document.body.append(target);
    target.textContent = taker()?.says ?? '';
    target.hidden = !shown;
  };

  let hiding;
  const over = (event) => {
    if (!carriesFiles(event) || !taker() || another(event.target)) return;
    event.preventDefault();
    show(true);
    clearTimeout(hiding); // `dragleave` comes for every element on the way; `dragover` comes again and again
    hiding = setTimeout(() => show(false), 300);
  };
  window.addEventListener('dragenter', over, true);
  window.addEventListener('dragover', over, true);
  window.addEventListener(
    'drop',
    (event) => {
      show(false);
      if (!carriesFiles(event) || another(event.target) || !take(event.dataTransfer.files)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  // Text that is pasted into a field stays text, also when the clipboard has a picture of it.
  window.addEventListener(
    'paste',
    (event) => {
      const { files, types } = event.clipboardData ?? {};
      const typing = event.target?.closest?.('input, textarea, [contenteditable=true]');
      if (!files?.length || (typing && [...types].includes('text/plain')) || !take(files)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  document.addEventListener('click', (event) => {
    const page = event.target.closest?.('#page-thumbnails [data-page]');
    const number = document.querySelector('#page-number input');
    if (!page || !number) return;
    number.value = page.dataset.page;
    number.dispatchEvent(new Event('input', { bubbles: true }));
  });
})();
