FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install scripts, because the `node` package's script would install a second Node.
RUN npm ci --ignore-scripts
COPY . .
# The image contains the same files as the npm package, so unpack them from there.
RUN npm run build && npm pack --ignore-scripts && mkdir /package && tar -xzf oneport-*.tgz --strip-components=1 -C /package

FROM node:24-bookworm-slim
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY --from=build /package ./
USER node
EXPOSE 8080 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s \
  CMD ["node", "dist/server/health.js", "/proc/1/cmdline"]
# Node is the first process instead of npm, because SIGTERM must reach the server, which then closes its connections
# in order. ENTRYPOINT allows options after the image's name: `docker run IMAGE --behavior discard`.
# The flag and MALLOC_ARENA_MAX are those of the start script in package.json.
ENTRYPOINT ["node", "--max-semi-space-size=4", "dist/server/cli.js"]
