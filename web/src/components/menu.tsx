import { useSignal } from '@preact/signals';
import { IconButton } from './button.js';
import { Icon, type IconName } from './icon.js';
import { Popover } from './popover.js';

export interface MenuItem {
  readonly icon: IconName;
  readonly label: string;
  readonly onSelect: () => void;
}

/** A button that opens a menu of actions. */
export function Menu({ icon, label, items, testId }: { icon: IconName; label: string; items: readonly MenuItem[]; testId?: string }) {
  const open = useSignal(false);
  const close = () => (open.value = false);
  return (
    <div class="menu-wrap">
      <IconButton
        icon={icon}
        label={label}
        expanded={open.value}
        onClick={() => (open.value = !open.value)}
        {...(testId === undefined ? {} : { testId })}
      />
      {open.value && (
        <Popover class="menu" label={label} onClose={close}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              onClick={() => {
                close();
                item.onSelect();
              }}
            >
              <Icon name={item.icon} />
              {item.label}
            </button>
          ))}
        </Popover>
      )}
    </div>
  );
}
