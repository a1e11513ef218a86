import type { Command } from 'commander';
import { positiveNumber, wholeNumber } from '../command-options.js';
import { CONSTANTS, EXAMPLE } from '../plan/constants.js';
import { planCapacity, type Demand } from '../plan/capacity.js';
import { runFootprint } from '../plan/footprint.js';
import { printPlan } from '../plan/print.js';
import { concludeMeasure, say } from '../report/conclude.js';

export function addPlan(program: Command): void {
  program
    .command('plan')
    .description('what a number of users takes, from the measured constants (bench/plan/constants.ts)')
    .option('--daily-users <n>', 'people a day', wholeNumber, EXAMPLE.dailyUsers)
    .option('--messages-per-user <n>', 'messages a day', positiveNumber, EXAMPLE.messagesPerUser)
    .option('--peak-factor <n>', 'rate at the peak over the average', positiveNumber, EXAMPLE.peakFactor)
    .option('--connected-share <n>', 'of the daily users, connected at the busiest moment', positiveNumber, EXAMPLE.connectedShare)
    .option('--text-bytes <n>', 'of a message', positiveNumber, EXAMPLE.textBytes)
    .option('--image-share <n>', 'of the messages that have one', positiveNumber, EXAMPLE.imageShare)
    .option('--image-bytes <n>', 'of an image', positiveNumber, EXAMPLE.imageBytes)
    .option('--years <n>', 'that messages are kept', positiveNumber, EXAMPLE.years)
    .option('--hot-days <n>', 'of them in the message store, then compressed in an object store', positiveNumber, EXAMPLE.hotDays)
    .option('--replicas <n>', 'copies of what is hot', wholeNumber, EXAMPLE.replicas)
    .option('--cores <n>', 'of a machine', wholeNumber, EXAMPLE.cores)
    .option('--utilisation <n>', 'of cores and connections at the peak, 0 to 1', positiveNumber, EXAMPLE.utilisation)
    .action((demand: Demand) => say(printPlan(demand, planCapacity(demand, CONSTANTS))));
  program
    .command('footprint')
    .description('what a message takes in the store and in Redis: constants of the plan')
    .option('--rate <n>', 'messages per second', wholeNumber, 4_000)
    .option('--seconds <n>', 'of traffic', wholeNumber, 15)
    .action(async (options: { readonly rate: number; readonly seconds: number }) => {
      const report = await runFootprint(options);
      say(
        `${report.messages} messages of ${report.contentChars} characters: ${report.storedBytes.toFixed(0)} B each in the store, ${report.redisBytes.toFixed(0)} B in Redis`,
      );
      concludeMeasure('footprint', { ...report, verdicts: [] });
    });
}
