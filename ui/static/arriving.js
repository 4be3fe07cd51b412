// A page may be dropped or pasted anywhere in the window, and chosen among those of its file by a picture.
(() => {
  // The button's own input, where the button is in sight: on another tab files are for that tab.
  const taker = () => {
    const button = document.querySelector('#page-file');
    return button?.offsetParent ? button.parentElement.querySelector('input[type=file]') : null;
  };
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
  // Other places for files keep theirs.
  const another = (target) => {
    const place = target?.closest?.('.block');
    return place?.querySelector('input[type=file]') && !target.closest('#upload, #page-actions');
  };

  const take = (file) => {
    const input = taker();
    if (!input || !file) return false;
    const one = new DataTransfer();
    one.items.add(file);
    input.files = one.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
  };

  const target = document.createElement('div');
  target.id = 'drop-target';
  target.hidden = true;
  target.setAttribute('aria-hidden', 'true');
  target.textContent = 'Drop the page here: an image, PDF or TIFF';
  const show = (shown) => {
    if (!target.isConnected) document.body.append(target);
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
      if (!carriesFiles(event) || another(event.target) || !take(event.dataTransfer.files[0])) return;
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
      if (!files?.length || (typing && [...types].includes('text/plain')) || !take(files[0])) return;
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
