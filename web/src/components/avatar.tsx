import { hueOf, initialsOf } from '../model/identity.js';

export type AvatarSize = 'small' | 'medium' | 'large';

/** Decoration beside a name: hidden from assistive technology, which reads the name itself. */
export function Avatar({ id, name, size = 'medium' }: { id: string; name: string; size?: AvatarSize }) {
  return (
    <span class={`avatar avatar-${size} hue-${hueOf(id)}`} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
