/**
 * Highest random weight (Thaler and Ravishankar 1998): everybody who knows the same members names the same one for a key, and a
 * member that goes moves only its own keys.
 */
export function rendezvous(key: string, members: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestWeight = -1;
  for (const member of members) {
    const weight = hash(`${key}\n${member}`);
    // Equal weights go to the smaller name, so that the order of the list does not matter.
    if (weight > bestWeight || (weight === bestWeight && member < best!)) [best, bestWeight] = [member, weight];
  }
  return best;
}

/** FNV-1a, finished as MurmurHash3 does: without that, keys that differ in their last letter would land together. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
