import { readFileSync } from 'node:fs';
import type { ManagedProcess } from '../../scripts/cluster/managed-process.js';

/** Resident memory of the processes (proc(5): VmRSS). */
export function residentBytes(processes: readonly ManagedProcess[]): number {
  return processes.reduce((total, { pid }) => total + (pid === undefined ? 0 : residentOf(pid)), 0);
}

function residentOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** What the kernel keeps in slabs (sockets, files, their buffers' heads) and in socket buffers, of all processes. */
export function kernelBytes(): number {
  const slab = /^Slab:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  const pages = /^TCP: .* mem (\d+)$/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.[1];
  return Number(slab ?? 0) * 1024 + Number(pages ?? 0) * 4096;
}
