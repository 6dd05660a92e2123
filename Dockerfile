# The program in an image of its own:
#
#   docker build -t ebm .
#   docker run --rm -v "$PWD":/work -u "$(id -u):$(id -g)" ebm sample fashion-mnist
#
# Files are read and written in /work.

FROM debian:bookworm AS build
WORKDIR /src
# Packages first, so that a change of the sources does not install them again.
COPY scripts/setup.sh scripts/setup.sh
RUN bash scripts/setup.sh && rm -rf /var/lib/apt/lists/*
COPY . .
RUN cmake --preset release -DEBM_TESTS=OFF -DEBM_BENCHES=OFF \
 && cmake --build --preset release \
 && cmake --install build/release --prefix /opt/ebm --strip

# Programs, their shared files, and the libraries that they load.
FROM debian:bookworm-slim
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      libtorch1.13 libopenblas0-openmp libhwy1 libcairo2 libpng16-16 libjpeg62-turbo libwebp7 \
      zlib1g libgomp1 libnetcdf19 \
      dataset-fashion-mnist \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/ebm/bin /opt/ebm/bin
COPY --from=build /opt/ebm/share /opt/ebm/share
ENV PATH=/opt/ebm/bin:$PATH
WORKDIR /work
ENTRYPOINT ["ebm"]
CMD ["--help"]
