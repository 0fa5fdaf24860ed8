"""Glance's own way: it gives a location its store in passing, when the image is fetched by its owner.

Fetches the images whose ids stand on stdin, one a line, as the API's GET does: through glance.location's repository, which calls
glance.common.store_utils.update_store_in_locations. The layers above it (policies, quota, notifications) are left out,
to Glance's advantage. Prints the seconds that this took, without those of starting.

usage: glance-lazy-update.py GLANCE_API_CONF < IDS
"""

import sys
import time

import glance_store
from glance.common import config, store_utils
from glance.context import RequestContext
import glance.db
import glance.location
from oslo_config import cfg

config.parse_args(['--config-file', sys.argv[1]])
glance_store.register_store_opts(cfg.CONF)
glance_store.create_multi_stores(cfg.CONF)
context = RequestContext(is_admin=True)
images = glance.location.ImageRepoProxy(
    glance.db.ImageRepo(context, glance.db.get_api()), context, glance_store, store_utils)

ids = sys.stdin.read().split()
began = time.monotonic()
for image_id in ids:
    images.get(image_id)
print(time.monotonic() - began)
