# docker build -t ai-api-relay .
# A tag moves with its patches. Who wants the same image for good names a digest:
# docker build --build-arg NODE_IMAGE=node:24-slim@sha256:… -t ai-api-relay .
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
# The commands start through it, and it would install what is missing: nothing is.
RUN npm run release -- --to /release

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000
WORKDIR /app
# Of root, so that nobody who runs here can change it.
COPY --from=build /release ./
# By number, so that orchestrators can see that it is not root. Node's images have it as `node`.
USER 1000:1000
EXPOSE 3000
STOPSIGNAL SIGTERM
# The process alone: a database that is away is no reason to start the relay again. A balancer asks
# /readyz instead.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "build/server.mjs"]
