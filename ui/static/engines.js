// The table of engines: found by words and ticks, put in order by a heading, taken to Compare by a button.
(() => {
  const rows = () => [...document.querySelectorAll('.catalogue tbody tr')];

  const sieve = (form) => {
    const words = form.elements.words.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const row of rows()) {
      const fits =
        words.every((word) => row.textContent.toLowerCase().includes(word)) &&
        (!form.elements.ready.checked || row.dataset.ready === '0') &&
        (!form.elements.local.checked || 'local' in row.dataset) &&
        (!form.elements.boxes.checked || 'boxes' in row.dataset);
      row.hidden = !fits;
      shown += fits;
    }
    form.querySelector('[role=status]').textContent = `${shown} engine${shown === 1 ? '' : 's'}`;
  };
  document.addEventListener('input', (event) => {
    const form = event.target.closest?.('.sieve');
    if (form) sieve(form);
  });
  document.addEventListener('submit', (event) => {
    if (event.target.matches('.sieve')) event.preventDefault();
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
    const sorted = rows().sort(order(name, rising ? 1 : -1));
    sorted[0].parentElement.append(...sorted);
  });
})();
