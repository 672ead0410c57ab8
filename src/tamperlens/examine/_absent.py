"""Why a value is missing from a finding's document: reasons that several examinations share."""

MASK_FILE = "mask_file"
NOT_WRITTEN = "the mask was not written to a file"
NO_LOCALIZER = "no system was used that shows where"
NOT_FUSED = "the systems were used one by one and not fused"
NOT_TOLD = "the systems that tell the kind were not used"
CONCLUDED = "something is concluded"
NONE_ALONE = "no trace by itself raised the score above the sum of all"
