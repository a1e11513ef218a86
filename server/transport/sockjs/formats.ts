import type { SessionTransport } from './paths.js';

/** The transports that wait for frames. */
export type ReceivingTransport = Extract<SessionTransport, 'xhr' | 'xhr_streaming' | 'eventsource' | 'htmlfile' | 'jsonp'>;

/** How frames look in the answer of one transport. */
export interface Format {
  readonly contentType: string;
  /** A streaming answer goes on after a frame; the others end with it. */
  readonly streaming: boolean;
  readonly prelude: string;
  wrap(frame: string): string;
}

const SCRIPT = 'application/javascript; charset=UTF-8';
/** Browsers begin to read a stream after so much of it. */
const XHR_PRELUDE_BYTES = 2_048;
const HTML_PRELUDE_CHARS = 1_024;

export function isReceiving(transport: SessionTransport): transport is ReceivingTransport {
  return transport !== 'websocket' && transport !== 'xhr_send' && transport !== 'jsonp_send';
}

/** `callback` has been checked by {@link checkCallback}. */
export function formatOf(transport: ReceivingTransport, callback: string): Format {
  switch (transport) {
    case 'xhr':
      return { contentType: SCRIPT, streaming: false, prelude: '', wrap: (frame) => `${frame}\n` };
    case 'xhr_streaming':
      return { contentType: SCRIPT, streaming: true, prelude: `${'h'.repeat(XHR_PRELUDE_BYTES)}\n`, wrap: (frame) => `${frame}\n` };
    case 'eventsource':
      return { contentType: 'text/event-stream', streaming: true, prelude: '\r\n', wrap: (frame) => `data: ${frame}\r\n\r\n` };
    case 'htmlfile':
      return {
        contentType: 'text/html; charset=UTF-8',
        streaming: true,
        prelude: htmlHead(callback),
        wrap: (frame) => `<script>\np(${scriptText(frame)});\n</script>\r\n`,
      };
    case 'jsonp':
      return { contentType: SCRIPT, streaming: false, prelude: '', wrap: (frame) => `/**/${callback}(${scriptText(frame)});\r\n` };
  }
}

export type Callback = { readonly name: string } | { readonly problem: string };

/** The function that `jsonp` and `htmlfile` answers call, by query parameter `c` or `callback`. */
export function checkCallback(transport: ReceivingTransport, query: URLSearchParams): Callback {
  if (transport !== 'jsonp' && transport !== 'htmlfile') return { name: '' };
  const name = query.get('c') ?? query.get('callback') ?? '';
  if (name === '') return { problem: '"callback" parameter required' };
  return /^[a-zA-Z0-9_.-]{1,128}$/.test(name) ? { name } : { problem: 'invalid "callback" parameter' };
}

/** A string literal that cannot end the script element around it. */
function scriptText(frame: string): string {
  return JSON.stringify(frame).replaceAll('<', '\\u003c');
}

function htmlHead(callback: string): string {
  const lines = [
    '<!doctype html>',
    '<html><head>',
    '  <meta http-equiv="X-UA-Compatible" content="IE=edge" />',
    '  <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />',
    "</head><body><h2>Don't panic!</h2>",
    '  <script>',
    '    document.domain = document.domain;',
    `    var c = parent.${callback};`,
    '    c.start();',
    '    function p(d) {c.message(d);};',
    '    window.onload = function() {c.stop();};',
    '  </script>',
  ];
  return `${lines.join('\n').padEnd(HTML_PRELUDE_CHARS)}\r\n\r\n`;
}
