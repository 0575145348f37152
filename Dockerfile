FROM python:3.13-slim AS build
ENV UV_PROJECT_ENVIRONMENT=/opt/calendo UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /build
# What changes seldom comes first, so that its layer can be kept.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --locked --no-dev --no-install-project
COPY src ./src
RUN uv sync --locked --no-dev --no-editable

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 calendo && install -d -o calendo -m 0700 /data
COPY --from=build /opt/calendo /opt/calendo
ENV PATH=/opt/calendo/bin:$PATH PYTHONUNBUFFERED=1 CALENDO_DATA_DIR=/data
USER calendo
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["calendo", "serve", "--host", "0.0.0.0"]
