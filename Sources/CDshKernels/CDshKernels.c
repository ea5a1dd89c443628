#include "CDshKernels.h"
