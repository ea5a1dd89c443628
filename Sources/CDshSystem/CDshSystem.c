#include "CDshSystem.h"
