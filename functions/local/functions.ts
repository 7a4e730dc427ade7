import { create as api } from '../api/main.ts';
import { create as changes } from '../changes/main.ts';
import { create as client } from '../client/main.ts';
import { create as events } from '../events/main.ts';
import { create as feedback } from '../feedback/main.ts';
import { create as flows } from '../flows/main.ts';
import { create as jobs } from '../jobs/main.ts';
import { create as messages } from '../messages/main.ts';
import { create as pages } from '../pages/main.ts';
import { create as segments } from '../segments/main.ts';
import { create as tallies } from '../tallies/main.ts';
import { create as wake } from '../wake/main.ts';
import { builtScript } from './onsite-script.ts';
import type { Functions } from './world.ts';

/** Every function of the topology, as it is deployed. */
export const functions: Functions = {
  api,
  changes,
  client,
  events,
  feedback,
  flows,
  jobs,
  messages,
  pages: (ports) => pages(ports, builtScript),
  segments,
  tallies,
  wake,
};
