# The workbench and every command but those that train; every package by its hash.
#   docker build -t tamperlens .
#   docker run --rm -p 127.0.0.1:8420:8420 -v tamperlens:/home/tamperlens/data tamperlens
#   docker run --rm --network none -v "$PWD:/work" -w /work tamperlens examine photo.jpg --out out
FROM node:20-slim AS pages
WORKDIR /source/ui
COPY ui/package.json ui/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY ui ./
RUN npm run build

FROM python:3.11-slim AS build
WORKDIR /source
COPY requirements/release.txt requirements/release.txt
RUN python -m venv /opt/tamperlens \
    && /opt/tamperlens/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements/release.txt
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY src src
COPY recipes recipes
COPY cards cards
COPY examples examples
COPY --from=pages /source/src/tamperlens/service/static src/tamperlens/service/static
RUN /opt/tamperlens/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
COPY --from=build /opt/tamperlens /opt/tamperlens
RUN useradd --create-home tamperlens && install -d -o tamperlens /home/tamperlens/data
USER tamperlens
ENV PATH=/opt/tamperlens/bin:$PATH TAMPERLENS_HOME=/home/tamperlens/data PYTHONUNBUFFERED=1
EXPOSE 8420
ENTRYPOINT ["tamperlens"]
CMD ["serve", "--host", "0.0.0.0", "--trusted-host", "localhost", "--trusted-host", "127.0.0.1"]
