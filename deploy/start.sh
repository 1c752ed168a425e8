#!/bin/sh
# The model that came with the image serves until one is trained or learned here.
set -eu
came_with=${FRONTLINE_MODEL_INSIDE:-/opt/frontline/model}
if [ ! -e var/model/manifest.json ]; then
    mkdir -p var
    cp -r "$came_with" var/model
fi
exec frontline "$@"
