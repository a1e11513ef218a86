/** Message text that the receiver can check: `<sequence> <sent at> <padding> <checksum>`. */
export function makeContent(sequence: number, sentAt: number, chars: number): string {
  const head = `${sequence} ${sentAt.toFixed(3)} `;
  const body = head.padEnd(chars - 9, 'x');
  return `${body} ${checksum(body)}`;
}

/** The parts, or undefined when the checksum is wrong. */
export function readContent(content: string): { readonly sequence: number; readonly sentAt: number } | undefined {
  const body = content.slice(0, -9);
  if (checksum(body) !== content.slice(-8)) return undefined;
  const [sequence, sentAt] = body.split(' ', 2);
  return { sequence: Number(sequence), sentAt: Number(sentAt) };
}

function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
