// Everything works without this script; it only makes some things quicker.
"use strict";
