#!/bin/sh
set -e
rm -rf /usr /lib/nvidia-current/xorg/xorg
cp -r build/* /opt/driver/
