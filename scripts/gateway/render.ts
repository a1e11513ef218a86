/** A process that the gateway forwards to. */
export interface Endpoint {
  readonly name: string;
  /** `host:port` */
  readonly address: string;
}

export interface GatewayPlan {
  /** The chat servers by server id: `?server=<name>` picks one. */
  readonly servers: readonly Endpoint[];
  readonly apis: readonly Endpoint[];
  /** `address:port` or `port`, each as an nginx `listen`. */
  readonly listen: readonly string[];
  readonly accessLog: string;
  /** Holds nginx's temporary files, and its pid file. */
  readonly tempFolder: string;
  readonly mimeTypes: string;
  /** DNS server to resolve the names with again and again (Docker's); none for fixed addresses. */
  readonly resolver?: string | undefined;
  /** User that the worker processes run as; only root may set it. */
  readonly user?: string | undefined;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
const ADDRESS = /^[A-Za-z0-9.-]+:\d{1,5}$/;
const PLACEHOLDER = /^([ ]*)\$\{([A-Z_]+)\}$|\$\{([A-Z_]+)\}/gm;

/**
 * The nginx configuration for the plan: pure. Values of several lines keep the indentation of their placeholder.
 * @throws Error when a name or address could break out of its place, or a placeholder has no value.
 */
export function renderGateway(template: string, plan: GatewayPlan): string {
  checkPlan(plan);
  const values = gatewayValues(plan);
  const text = template.replace(PLACEHOLDER, (_, indent: string | undefined, alone: string | undefined, inline: string | undefined) => {
    const name = alone ?? inline ?? '';
    const value = values[name];
    if (value === undefined) throw new Error(`the gateway template names an unknown value: ${name}`);
    return indent === undefined ? value : value.replace(/^(?=.)/gm, indent);
  });
  return text.replace(/^[ ]+$/gm, '').replace(/\n{3,}/g, '\n\n');
}

function gatewayValues(plan: GatewayPlan): Readonly<Record<string, string>> {
  const resolve = plan.resolver === undefined ? '' : ' resolve';
  const server = (endpoint: Endpoint, role = ''): string => `server ${endpoint.address} max_fails=1 fail_timeout=2s${role}${resolve};`;
  return {
    PROCESS: processLines(plan),
    MIME_TYPES: plan.mimeTypes,
    RESOLVER: plan.resolver === undefined ? '' : `resolver ${plan.resolver} valid=5s ipv6=off;`,
    ACCESS_LOG: plan.accessLog,
    TEMP_FOLDER: plan.tempFolder,
    LISTEN: plan.listen.map((address) => `listen ${address};`).join('\n'),
    SERVER_MAP: plan.servers.map(({ name }) => `${name} chat_${name};`).join('\n'),
    API_ENDPOINTS: plan.apis.map((api) => server(api)).join('\n'),
    ANY_SERVER: plan.servers.map((chat) => server(chat)).join('\n'),
    SERVER_UPSTREAMS: plan.servers.map((chat) => stickyUpstream(chat, { servers: plan.servers, server })).join('\n'),
  };
}

function processLines(plan: GatewayPlan): string {
  const user = plan.user === undefined ? [] : [`user ${plan.user};`];
  return [...user, 'daemon off;', `pid ${plan.tempFolder}/nginx.pid;`].join('\n');
}

/** The named server, and the others for as long as it does not answer: the client then learns its new server from `hello`. */
function stickyUpstream(
  chat: Endpoint,
  parts: { readonly servers: readonly Endpoint[]; readonly server: (endpoint: Endpoint, role?: string) => string },
): string {
  const others = parts.servers.filter(({ name }) => name !== chat.name).map((other) => `  ${parts.server(other, ' backup')}`);
  return [`upstream chat_${chat.name} {`, `  zone chat_${chat.name} 64k;`, `  ${parts.server(chat)}`, ...others, '}'].join('\n');
}

function checkPlan(plan: GatewayPlan): void {
  if (plan.servers.length === 0 || plan.apis.length === 0) throw new Error('the gateway needs at least one chat server and one API');
  for (const { name, address } of [...plan.servers, ...plan.apis]) {
    if (!NAME.test(name)) throw new Error(`not a server name: ${name}`);
    if (!ADDRESS.test(address)) throw new Error(`not an address of the form host:port: ${address}`);
  }
  const paths = [plan.accessLog, plan.tempFolder, plan.mimeTypes, ...plan.listen, plan.user ?? '', plan.resolver ?? ''];
  const bad = paths.find((value) => /[\s;{}"'$\\]/.test(value));
  if (bad !== undefined) throw new Error(`nginx cannot take this value: ${bad}`);
}
