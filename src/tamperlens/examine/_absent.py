"""Why a value of a finding's document is not there, where several examinations say the same."""

MASK_FILE = "mask_file"
NOT_WRITTEN = "the mask was not written to a file"
NO_LOCALIZER = "no system that says where was asked"
NOT_FUSED = "the systems were asked one by one, and nothing was fused"
NOT_TOLD = "the systems that tell it were not asked"
CONCLUDED = "something is concluded"
NONE_ALONE = "no trace by itself raised the score above the sum of all"
