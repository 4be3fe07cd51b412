# Inkquest for every host that is no Space. Same settings, all through environment variables (README, "Settings").
#   docker build -t inkquest . && docker run -p 7860:7860 -v inkquest:/data -e INKQUEST_PUBLIC=1 inkquest
FROM python:3.12-slim

COPY packages.txt /tmp/packages.txt
RUN apt-get update \
 && grep -v '^#' /tmp/packages.txt | xargs apt-get install -y --no-install-recommends fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

# Not root; all that is written lies under /data.
RUN useradd --create-home --uid 1000 inkquest && install -d -m 700 -o inkquest -g inkquest /data
COPY --chown=root:root . .
USER inkquest
ENV HOST=0.0.0.0 PORT=7860 \
    INKQUEST_DATA=/data HF_HOME=/data/models \
    GRADIO_ANALYTICS_ENABLED=False DO_NOT_TRACK=true RAY_USAGE_STATS_ENABLED=0 \
    OMP_WAIT_POLICY=PASSIVE PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD python -c "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/inkquest/health', timeout=4)"
CMD ["python", "app.py"]
