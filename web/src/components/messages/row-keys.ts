/** Arrow up and down go from message to message, Enter to the actions of one, Esc back to the composer. */
export function moveBetweenMessages(event: KeyboardEvent): void {
  const list = event.currentTarget;
  const target = event.target;
  if (!(list instanceof HTMLElement) || !(target instanceof HTMLElement)) return;
  const row = target.closest<HTMLElement>('.message');
  if (event.key === 'Escape') focusComposer();
  else if (event.key === 'Enter' && row === target) row.querySelector<HTMLElement>('.message-tools button')?.focus();
  else if (row !== null && row !== target && moveInToolbar(target, event.key)) event.preventDefault();
  else if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && (row === target || row === null)) focusNext(list, row, event.key);
  else return;
  event.preventDefault();
}

export function focusComposer(): void {
  document.querySelector<HTMLElement>('[data-testid="composer"]')?.focus();
}

function focusNext(list: HTMLElement, row: HTMLElement | null, key: string): void {
  const rows = [...list.querySelectorAll<HTMLElement>('.message')];
  const from = row === null ? rows.length : rows.indexOf(row);
  const next = rows[key === 'ArrowUp' ? from - 1 : from + 1];
  if (next !== undefined) next.focus();
  else if (key === 'ArrowDown') focusComposer();
}

function moveInToolbar(target: HTMLElement, key: string): boolean {
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return false;
  const buttons = [...(target.closest('.message-tools')?.querySelectorAll<HTMLElement>(':scope > button') ?? [])];
  const at = buttons.indexOf(target);
  if (at === -1) return false;
  buttons.at((at + (key === 'ArrowRight' ? 1 : -1)) % buttons.length)?.focus();
  return true;
}
