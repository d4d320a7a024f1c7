"use strict";
// GraphiQL on the graph at this address. The token goes with each request and with each new WebSocket connection; it
// is kept in this field alone, and gone when the page is closed.

const field = document.getElementById("token");
const address = window.location.pathname;

function authorization() {
  const token = field.value.trim().replace(/^Bearer\s+/i, "");
  return token ? { authorization: `Bearer ${token}` } : {};
}

const client = graphqlWs.createClient({
  url: `${window.location.protocol === "https:" ? "wss:" : "ws:"}//${window.location.host}${address}`,
  connectionParams: authorization,
});

const fetcher = GraphiQL.createFetcher({
  url: address,
  wsClient: client,
  fetch: (input, init) => window.fetch(input, { ...init, headers: { ...init.headers, ...authorization() } }),
});

const defaultQuery = `# 联合 Lianhe · GraphQL
#
# 左侧书本图标是接口文档，Ctrl+空格可补全，Ctrl+回车运行；右上角填写身份令牌，“用法”中有示例和说明。
# The book on the left opens the documentation; Ctrl+Space completes, Ctrl+Enter runs. A token goes into the field
# above, and "Usage" has examples and explanations.

# 应建未建名单，时间最长者在前 The must-found list, longest due first
query MustFound {
  changePosition
  coverages(first: 10, filter: { duty: [MUST_FOUND] }) {
    totalCount
    nodes { mustFoundSince entity { name divisionCode } }
    pageInfo { hasNextPage endCursor }
  }
}

# 两个覆盖一有变更即推送；after 填上次的 position 可续接
# Tells each change of the two coverages; with the last position as after, it goes on from there
subscription Changes {
  coverageChanged {
    position
    coverage { duty workCoverage organisationCoverage entity { name } }
  }
}
`;

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery, shouldPersistHeaders: false }),
);
