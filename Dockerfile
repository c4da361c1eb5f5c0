# The viewer and the fonts.
FROM node:24-bookworm-slim AS viewer
WORKDIR /src/http/viewer
COPY src/http/viewer/package.json src/http/viewer/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY src/http/viewer ./
COPY features /features
COPY styles /styles
RUN npm run build

# The program, with the viewer, the fonts and the atlas in it.
FROM rust:1.95-bookworm AS program
WORKDIR /tumen
COPY Cargo.toml Cargo.lock build.rs askama.toml ./
COPY src src
COPY tests tests
COPY features features
COPY styles styles
COPY --from=viewer /src/http/viewer/dist src/http/viewer/dist
RUN cargo build --release --locked --bin tumen

# A small system with the libraries that the program was linked with; the user is not root.
FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="Tumen" \
      org.opencontainers.image.description="GeoJSON in; features, vector tiles and maps out" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=program /tumen/target/release/tumen /usr/local/bin/tumen
# Without files of one's own in /data/features, the atlas that is built in is served.
WORKDIR /data
# Features of large files are kept packed here for the next start.
RUN mkdir -p /var/cache/tumen && chown nobody /var/cache/tumen
VOLUME /var/cache/tumen
USER nobody
ENV TUMEN_LISTEN=0.0.0.0:8080 TUMEN_CACHE_DIR=/var/cache/tumen
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --retries=3 CMD ["/usr/local/bin/tumen", "health"]
ENTRYPOINT ["/usr/local/bin/tumen"]
