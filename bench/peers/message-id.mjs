// Ids that only grow, of 13 characters like Warren's. Every pair's messages pass one sending node, so one counter per process is enough.
let last = Date.now() * 4096;

export function nextId() {
  last += 1;
  return last.toString(32).padStart(13, '0');
}
