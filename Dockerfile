# The workbench as an image: the pages are built, a wheel is made of them and the sources, and that alone is installed.
FROM node:22-slim AS pages
WORKDIR /build/ui
COPY ui/package.json ui/package-lock.json ui/.npmrc ./
RUN npm ci
COPY ui .
RUN npm run build

FROM python:3.13-slim AS wheel
WORKDIR /build
COPY . .
COPY --from=pages /build/src/tamperlens/service/static src/tamperlens/service/static
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
COPY --from=wheel /wheels /wheels
RUN pip install --no-cache-dir "$(ls /wheels/*.whl)[serve,pdf,postgresql,redis]" \
    && rm -r /wheels \
    && useradd --system --uid 10001 --create-home --home-dir /data tamperlens
USER tamperlens
VOLUME /data
EXPOSE 8420
HEALTHCHECK --start-period=60s --interval=30s --timeout=10s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8420/api/v1/health', timeout=5)"]
ENTRYPOINT ["tamperlens"]
CMD ["serve", "--home", "/data", "--host", "0.0.0.0"]
