FROM python:3.13-slim AS build
COPY requirements-runtime.lock .
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements-runtime.lock

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home onward \
 && install -d -o onward -g onward -m 0700 /data \
 && printf '#!/bin/sh\nexec python -m bot "$@"\n' > /usr/local/bin/onward \
 && chmod 0755 /usr/local/bin/onward
COPY --from=build /venv /venv
WORKDIR /app
COPY LICENSE alembic.ini ./
COPY migrations migrations
COPY content content
COPY bot bot
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    ONWARD_DATA_DIR=/data \
    ONWARD_HTTP_HOST=0.0.0.0
RUN python -m compileall -q bot
USER onward
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + (os.environ.get('ONWARD_HTTP_PORT') or '8080') + '/healthz', timeout=4)"]
CMD ["onward", "serve"]
