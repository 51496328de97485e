"""What Chromium on a kiosk may do: managed policies, each line with its reason.

Chromium obeys files below /etc/chromium/policies/managed before any wish of a user or a page. The
lists of addresses are prefixes: a `*` at the end of one silently allows nothing, so there is none.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

BLOCKED: Final = 2  # for every DefaultXSetting: pages may not even ask

FIXED: Final[dict[str, Any]] = {
    # Where it may go: nowhere, except what URLAllowlist says. The star alone leaves open what
    # is the browser's own: its settings, its history.
    "URLBlocklist": ["*", "chrome://*", "chrome-untrusted://*", "devtools://*"],
    # Ways out of the page: no dialogs, no other windows, no files. Not DeveloperToolsAvailability:
    # 2 also shuts the agent out, and --kiosk has neither F12 nor a menu under a long press.
    "ExtensionInstallBlocklist": ["*"],
    "BlockExternalExtensions": True,
    "DownloadRestrictions": 3,
    "AllowFileSelectionDialogs": False,
    "PrintingEnabled": False,
    "IncognitoModeAvailability": 1,
    "BrowserGuestModeEnabled": False,
    "BrowserAddPersonEnabled": False,
    "BrowserSignin": 0,
    "DefaultPopupsSetting": BLOCKED,
    "TaskManagerEndProcessEnabled": False,
    "UserFeedbackAllowed": False,
    "AllowDinosaurEasterEgg": False,
    "EditBookmarksEnabled": False,
    "BookmarkBarEnabled": False,
    "LensOverlaySettings": 1,
    # What citizens type is remembered by nobody.
    "PasswordManagerEnabled": False,
    "AutofillAddressEnabled": False,
    "AutofillCreditCardEnabled": False,
    "PaymentMethodQueryEnabled": False,
    "SavingBrowserHistoryDisabled": True,
    "DefaultCookiesSetting": 4,  # until the browser ends
    "SearchSuggestEnabled": False,
    "DefaultSearchProviderEnabled": False,
    "SpellcheckEnabled": False,
    "TranslateEnabled": False,
    "SyncDisabled": True,
    "ImportAutofillFormData": False,
    # Devices and sensors: a page may not ask for any; the portal alone has the camera, see below.
    "AudioCaptureAllowed": False,
    "VideoCaptureAllowed": False,
    "ScreenCaptureAllowed": False,
    "DefaultGeolocationSetting": BLOCKED,
    "DefaultNotificationsSetting": BLOCKED,
    "DefaultWebUsbGuardSetting": BLOCKED,
    "DefaultWebBluetoothGuardSetting": BLOCKED,
    "DefaultSerialGuardSetting": BLOCKED,
    "DefaultWebHidGuardSetting": BLOCKED,
    "DefaultFileSystemReadGuardSetting": BLOCKED,
    "DefaultFileSystemWriteGuardSetting": BLOCKED,
    "DefaultClipboardSetting": BLOCKED,
    "DefaultSensorsSetting": BLOCKED,
    "DefaultLocalFontsSetting": BLOCKED,
    "DefaultWindowManagementSetting": BLOCKED,
    "EnableMediaRouter": False,
    # It talks to the pages it shows and to nobody else.
    "MetricsReportingEnabled": False,
    "ComponentUpdatesEnabled": False,
    "SafeBrowsingProtectionLevel": 0,  # addresses of the allow-list need no foreign opinion
    "NetworkPredictionOptions": 2,
    "DnsOverHttpsMode": "off",
    "QuicAllowed": False,
    "BackgroundModeEnabled": False,
    "DefaultBrowserSettingEnabled": False,
    "PromotionsEnabled": False,
    "HardwareAccelerationModeEnabled": True,
}


def policies(origin: str, allow: Sequence[str]) -> str:
    """The JSON of the policies; `origin` and `allow` are the only addresses that open."""
    own = {
        "URLAllowlist": [origin, *allow],
        "VideoCaptureAllowedUrls": [origin],  # photos for complaints, and nobody is asked
        "HomepageLocation": f"{origin}/",
        "HomepageIsNewTabPage": False,
        "NewTabPageLocation": f"{origin}/",
        "RestoreOnStartup": 4,  # these addresses
        "RestoreOnStartupURLs": [f"{origin}/"],
    }
    return json.dumps(FIXED | own, indent=2) + "\n"
