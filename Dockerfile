# The bundle is made in the first stage; the second holds nothing but it.
FROM node:20-bookworm AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY tools/stubs tools/stubs
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run bundle -- --without-node && mkdir /product && tar -xzf bundle/*.tar.gz -C /product --strip-components=1

FROM node:20-bookworm-slim
WORKDIR /opt/bandecheng
COPY --from=build /product ./
RUN mkdir /data && chown node:node /data
USER node
ENV NODE_ENV=production MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=65536 DATABASE_URL=file:/data/bandecheng.db DATA_KEY_FILE=/data/data.key FILES_DIR=/data/files CACHE_DIR=/data/cache
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/health/ready').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "--max-semi-space-size=4", "--max-old-space-size=1024", "dist/api/main.js"]
