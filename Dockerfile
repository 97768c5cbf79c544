FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install scripts: the one that matters here would bring a second Node.
RUN npm ci --ignore-scripts
COPY vite.config.ts tsconfig.json ./
COPY shared shared
COPY web web
RUN npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY shared shared
COPY server server
COPY --from=build /app/web/dist web/dist
USER node
EXPOSE 8080 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ONEPORT_UI_PORT ?? 3000}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is the first process, not npm: SIGTERM must reach the server, which closes in order.
# The flag as in package.json's start.
CMD ["node", "--max-semi-space-size=4", "server/main.ts"]
