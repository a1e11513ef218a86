import { describeTeamStoreContract } from './team-store.contract.js';
import { describePeople } from './people-fixtures.js';

describePeople('TeamStore', describeTeamStoreContract);
