import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { WEBSOCKET_ENGINES } from '../../../../server/transport/websocket/websocket-transport.js';
import { EchoService } from '../../../support/echo-service.js';
import { encodeFrame, OPCODES, RawWebSocket } from '../../../support/raw-websocket.js';

const { text, ping } = OPCODES;
const MIB = 1024 * 1024;
const ROUNDS = 300;
/** What a flood is written in: small enough for the kernel, large enough to keep the server busy. */
const FLOODS = {
  pings: Buffer.concat(Array.from({ length: 200 }, () => encodeFrame({ opcode: ping, payload: Buffer.alloc(125) }))),
  'large messages that are never read back': encodeFrame({ opcode: text, payload: Buffer.alloc(256 * 1024, 0x20) }),
  'tiny messages': Buffer.concat(Array.from({ length: 500 }, () => encodeFrame({ opcode: text, payload: 'x' }))),
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Outside of V8's heap, once what nobody holds is gone. */
function bytesHeld(): number {
  // Bytes outside of the heap are given back beside what runs on: the second collection waits until those of the first are.
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

for (const engine of WEBSOCKET_ENGINES)
  describe(`bystanders of a flood, engine ${engine}`, () => {
    let service: EchoService;
    let bystander: RawWebSocket;
    beforeEach(async () => {
      service = await new EchoService({ engine, echo: true }).start();
      bystander = await RawWebSocket.open(`${service.origin}/ws`);
    });
    afterEach(async () => {
      bystander.destroy();
      await service.stop();
    });

    /** Messages that the bystander gets answered one by one: what this process, which is server and clients, did until then, in ms of CPU. The largest. */
    async function mostWork(disturb: () => void): Promise<number> {
      let most = 0;
      for (let round = 0; round < ROUNDS; round++) {
        disturb();
        const started = process.cpuUsage();
        bystander.send({ opcode: text, payload: String(round) });
        expect((await bystander.next())?.payload.toString()).to.equal(String(round));
        const { user, system } = process.cpuUsage(started);
        most = Math.max(most, (user + system) / 1_000);
      }
      return most;
    }

    for (const [what, bytes] of Object.entries(FLOODS))
      it(`are answered through one of ${what}, each in its turn and with no more being kept than what the connection owns to`, async () => {
        const flooder = await RawWebSocket.open(`${service.origin}/ws`);
        flooder.socket.pause();
        const before = bytesHeld();
        const most = await mostWork(() => {
          if (flooder.socket.writableLength < MIB) flooder.write(bytes);
        });
        // What is said back stays for who does not read it: sessions go by what the connection says of that (Outbox), which ends them.
        const { connection } = await service.connection(1);
        const held = bytesHeld() - before - connection.bufferedBytes;
        flooder.destroy();
        // A turn of the server's with one flooder costs milliseconds; a bystander who waited for the flood would wait for all of it.
        expect(most).to.be.below(1_000);
        expect(held).to.be.below(8 * MIB);
      });
  });
