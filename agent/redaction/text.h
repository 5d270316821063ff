// Text from outside, as UTF-8: ToUtf8 and IsUtf8, which those who show keys need too.
#pragma once

#include "base/utf8.h"
