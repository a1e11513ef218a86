import { overlay } from '../../model/view.js';
import { AddToChannelDialog, AddToTeamDialog } from './add-people-dialogs.js';
import { BrowseChannelsDialog } from './browse-channels-dialog.js';
import { DeleteMessageDialog } from './delete-message-dialog.js';
import { LeaveDialog } from './leave-dialog.js';
import { MembersDialog } from './members-dialog.js';
import { NewChannelDialog } from './new-channel-dialog.js';
import { NewMessageDialog } from './new-message-dialog.js';
import { NewTeamDialog } from './new-team-dialog.js';
import { Switcher } from './switcher.js';

/** The one dialog that is open, if any. */
export function Overlays() {
  const open = overlay.value;
  switch (open?.kind) {
    case undefined:
      return null;
    case 'switcher':
      return <Switcher />;
    case 'new-message':
      return <NewMessageDialog />;
    case 'new-team':
      return <NewTeamDialog />;
    case 'browse-channels':
      return <BrowseChannelsDialog teamId={open.teamId} />;
    case 'new-channel':
      return <NewChannelDialog teamId={open.teamId} />;
    case 'add-to-team':
      return <AddToTeamDialog teamId={open.teamId} />;
    case 'members':
      return <MembersDialog channelId={open.channelId} />;
    case 'add-to-channel':
      return <AddToChannelDialog channelId={open.channelId} />;
    case 'delete-message':
      return <DeleteMessageDialog message={open.message} />;
    case 'leave':
      return <LeaveDialog channelId={open.channelId} />;
  }
}
