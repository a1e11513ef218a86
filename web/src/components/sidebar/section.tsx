import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { ChannelInfo } from '../../model/types.js';
import { ChannelItem } from './channel-item.js';

interface SectionProps {
  readonly title: string;
  readonly channels: readonly ChannelInfo[];
  /** Shown while there are none. */
  readonly note: string;
  /** The button or menu beside the title. */
  readonly action: ComponentChildren;
}

export function Section({ title, channels, note, action }: SectionProps) {
  const id = useId();
  return (
    <section class="section" aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id} class="section-title grow ellipsis">
          {title}
        </h2>
        {action}
      </div>
      {channels.length === 0 ? (
        <p class="section-note">{note}</p>
      ) : (
        <ul>
          {channels.map((channel) => (
            <ChannelItem key={channel.id} channel={channel} />
          ))}
        </ul>
      )}
    </section>
  );
}
