"""Headings in English."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ENGLISH"]

ENGLISH: Mapping[str, str] = {
    "platform": "platform|network|social network|social media|social media platform|channel"
    "|channel type|service|site type|media type|social platform|social channel|app|social media"
    " site|account type|platform name|social media channel|social media type|outlet|medium"
    "|type of account|type of social media|which platform|type of channel|tool",
    "handle": "handle|username|user name|screen name|account handle|social handle|user id|account"
    " id|profile name on platform|social media handle|account username|handle or username|tag"
    "|user|login name|nickname|handle username|account user name|page id|channel id",
    "url": "url|link|address|page link|account link|account url|page url|profile link|profile url"
    "|web address|hyperlink|uri|link to page|link to account|social media link|social media url"
    "|page address|account address|channel link|channel url|weblink|permalink|link to profile"
    "|where to find it|public link|handle url|internet address|location url",
    "label": "page name|account name|account title|page title|account|page|profile|profile name"
    "|channel name|display name|page or account|account page|name of account|name of page"
    "|title|social media account|social media name|name of channel|account description"
    "|social media page|social media accounts|page account",
    "name": "name|names",
    "address": "contact details",
    "kind": "type|kind|category",
    "status": "status|active|account status|in use|is active|active inactive|active or not"
    "|current status|still active|still in use|live|in use yes no|account state|employment status"
    "|user status|employee status|person status|account enabled|enabled|member status|lifecycle"
    " state|new status",
    "language": "language|lang|languages|content language|language of content|language of account",
    "entity": "entity|department|organisation|organization|unit|parish|school|office|agency|team"
    "|ministry|branch|campus|division|bureau|institution|group|org unit|organization name"
    "|organisation name|department name|agency name|school name|parish name|unit name|faculty"
    "|college|business unit|owning department|responsible department|owner department|location"
    "|deanery|department or agency|department office|organizational unit|organisational unit"
    "|parish or school|community|congregation|church|chapter|club|section|department school"
    "|belongs to|ministry group|operating unit|department agency|owning unit|council"
    "|name of parish|name of school|name of organisation|municipality|library|service area"
    "|program|programme|entity name",
    "entity_below": "suborganization|suborganization name|sub organization|suborganisation"
    "|suborganization unit|subunit|sub unit|subdivision|sub department|sub organisation|sub entity",
    "entity_above": "parent|parent entity|parent organisation|parent organization|parent unit"
    "|above|unit above|entity above|umbrella organisation|umbrella organization|reports to unit"
    "|higher unit|parent department|parent agency|diocese|district|region|school district"
    "|head organization|superior unit|belongs under|part of|cluster|directorate|parent org",
    "email_domain": "email domain|mail domain|domain of email",
    "administrator": "admin|administrator|administrators|page admin|account admin|account manager"
    "|page manager|manager|managed by|administered by|run by|maintained by|account administrator"
    "|page administrator|who manages it|who has access|access|users with access|people with"
    " access|who runs it|administrator name|admin name|maintainer|moderator|moderators"
    "|webmaster|site admin|site administrator|social media manager|social media administrator"
    "|who posts|posts by|posted by|publisher|publishers|page roles|current admins|admins and"
    " editors|admins editors|backup admin|second admin|secondary admin|primary admin|admin 1"
    "|admin 2|admin 3|other admins|additional admins|co admin|community manager|account managers"
    "|content manager|users|page owner and admins|who can post|login holders|staff with access",
    "administrator:owner": "page owner|account owner role|super admin|owner role|owners"
    " with access",
    "administrator:editor": "editor|editors|page editor|page editors|content editor|content"
    " editors|contributor|contributors|author|authors|poster|posters",
    "administrator:analyst": "analyst|analysts|page analyst|viewer|viewers|read only users",
    "holder": "who has password|who knows password|password holder|password known by|password"
    " owner|people who know password|holder of password|holders of password|who has login"
    "|who has login details|password with|keeper of password|password keeper|password custodian"
    "|who holds password|people with password|password shared with|who has passwords|login holder"
    "|who else has password|who has credentials|who knows login|who has it",
    "owner": "owner|backup owner|secondary owner|co owner|deputy owner|alternate owner"
    "|account owner|responsible|person responsible|responsible person|accountable"
    "|accountable person|business owner|account lead|lead|owner name|account holder|steward"
    "|responsible for account|in charge|person in charge|who is responsible|sponsor|point person"
    "|who answers for it|name of owner|responsible officer|account responsible",
    "head": "head|principal|pastor|head teacher|headteacher|headmaster|headmistress|director"
    "|parish priest|head of unit|head of department|head of school|rector|dean|chair|president"
    "|executive director|department head|superintendent|principal name|leader|chief|head of entity"
    "|team lead|unit head|school principal|chairperson|administrator of school|vicar|minister"
    "|name of principal|name of pastor|school head|entity head|ceo|managing director",
    "contact": "contact|contact person|point of contact|poc|main contact|contact name|primary"
    " contact|security contact|press contact|media contact|technical contact|tech contact"
    "|contacts|secondary contact|emergency contact|contact for questions|support contact"
    "|contact info|contact information|office contact|general contact|public contact|enquiries",
    "contact_email": "contact email|security contact email|office email|general email|public email"
    "|email contact|contact email address|school email|parish email|office email address|email for"
    " contact|department email|enquiries email|contact mailbox|shared mailbox|organization email",
    "approver": "approved by|approver|approval by|authorised by|authorized by|approvers"
    "|who approved it|signed off by|approved",
    "login_email": "login email|email used|account email|registered email|sign in email|signin"
    " email|email on account|email for login|login email address|email address used|recovery email"
    "|email linked|linked email|email registered|associated email|email associated|sign up email"
    "|signup email|registration email|email of account|login|login id|login used|log in"
    "|email used to register|email used to sign up|email login|email attached|username email"
    "|email account used|email tied to account|which email|admin email account|backup email",
    "mfa": "mfa|2fa|two factor|two factor authentication|second factor|2 factor|multi factor"
    "|multifactor authentication|two step verification|2 step verification|2sv|2fa on|2fa enabled"
    "|mfa enabled|two factor enabled|2fa active|mfa active|multi factor authentication|two step"
    "|2sv enrolled|2fa type|mfa method|2fa method|2fa set up|2 factor authentication|2fa status"
    "|mfa status|is 2fa on|has 2fa|authenticator|mfa type|2sv enforced",
    "storage": "password stored|where is password|password location|where is password kept"
    "|password storage|password kept in|storage|where password is stored|password manager"
    "|credentials stored|password stored where|password stored in|where are credentials"
    "|storage of password|where kept",
    "rotated_on": "password changed|password last changed|last password change|password changed on"
    "|password updated|password rotated|date password changed|password reset date|password date"
    "|password last updated|password last reset|last rotated|rotated on|password last set"
    "|date of last password change|password age|changed password",
    "last_post_on": "last post|last posted|last update on page|date of last post|last post date"
    "|last activity|latest post|last active|most recent post|last tweet|last published"
    "|last content|last used|last entry|last post on",
    "reviewed_on": "last checked|last reviewed|reviewed|review date|checked|date checked|last audit"
    "|last review|reviewed on|checked on|last verified|verified on|date reviewed|last updated"
    "|date verified|audited|audit date|last audited|date of review|updated|date updated|last update"
    "|as of",
    "removal_path": "who can remove admins|removal path|who can remove administrators|removal by",
    "removal_tested_on": "removal tested|removal tested on|removal test|removal last tried",
    "privacy_record_ref": "record of processing|ropa|ropa ref|privacy record|processing record"
    "|privacy record ref|ropa reference|record of processing activities|gdpr record",
    "lawful_basis": "lawful basis|legal basis|basis of processing|gdpr basis",
    "privacy_notice_url": "privacy notice|privacy policy link|privacy notice url|privacy policy"
    "|privacy policy url|link to privacy notice|privacy statement",
    "record_class": "record class|records schedule|retention schedule|retention|retention class"
    "|records class|record series|retention period",
    "archive": "archive|archived|is archived|archiving|posts archived|backup of posts",
    "connected_apps": "connected apps|apps|third party apps|connected tools|linked apps"
    "|integrations|scheduling tool|connected applications|tools connected|authorised apps"
    "|authorized apps|publishing tool",
    "number": "employee id|employee number|employee no|id|staff id|staff number|payroll number"
    "|personnel number|person id|employee nr|emp id|emp no|external id|user id number|number|no"
    "|worker id|staff no|object id|member id|badge number|unique id|uid|guid",
    "first_name": "first name|given name|forename|firstname|givenname|christian name|preferred name"
    "|first",
    "last_name": "last name|surname|family name|lastname|sn|familyname|last",
    "full_name": "full name|employee name|employee|staff name|person|person name|staff member"
    "|member|display name of user|complete name|name of employee|worker|legal name|volunteer"
    "|name first last|name last first|user display name|staff|volunteer name|member name",
    "email": "email|email address|email primary|primary email|work email|user principal name|upn"
    "|emails|company email|mail address|business email|primary email address|e address"
    "|userprincipalname|staff email|employee email|user email|mail",
    "alias": "alias|aliases|other email|alternate email|secondary email|email aliases|proxy"
    " addresses|personal email|alternative email|other emails|additional email|private email",
    "left_on": "leave date|left|left on|end date|termination date|leaving date|date left|last day"
    "|exit date|departure date|date of leaving|employment end|employment end date|terminated"
    "|deactivated|end of service|separation date|last working day|resigned on|suspension time"
    "|offboarding date|contract end date of person|term end",
    "started_on": "start date|hire date|hired|joined|date joined|started|date of hire|joining date"
    "|employment start|begin date|date started|entry date|onboarding date|employed since|since"
    "|date hired",
    "department": "dept|cost center|cost centre|department of person|org unit path|orgunit",
    "job": "job title|title of person|position|role|job|occupation|function|role title|job role"
    "|duty|duties|post held|jobtitle|position title|capacity",
    "type": "employee type|employment type|worker type|person type|staff type|contract type"
    "|user type|type of employment|paid or volunteer|employeetype|category of staff|volunteer or"
    " staff",
    "supervisor": "supervisor|line manager|reports to|manager email|manager name|supervised by"
    "|boss|direct manager|manager id|supervisor name",
    "clearance_level": "clearance|clearance level|safeguarding level|screening level|vetting level"
    "|background check|police check|dbs level|safe environment",
    "clearance_expires": "clearance expires|clearance expiry|vetting expires|background check"
    " expires|dbs expires|clearance valid until|police check expires|clearance until",
    "trained_on": "trained|training date|last training|trained on|training completed|date trained"
    "|social media training|date of training",
    "policy_version": "policy version|version of policy|policy signed version",
    "policy_acknowledged_on": "policy acknowledged|policy signed|policy accepted|policy signed on"
    "|acknowledgement date|policy acknowledged on|agreement signed|policy date",
    "contract_ref": "contract|contract ref|contract number|contract reference|contract no"
    "|agreement number",
    "dpa_ref": "dpa|data processing agreement|dpa ref|dpa reference|processing agreement",
    "contract_ends": "contract ends|contract end|contract expires|contract until|contract expiry"
    "|contract end date|end of contract",
    "notes": "notes|note|comment|comments|remark|remarks|details|description|info|information"
    "|additional information|observations|purpose|audience|misc|other|further information"
    "|additional notes|anything else|other notes|about",
    "nothing": "city|contact no|contact nr|mobile no|phone no|tel no|telephone no|s no|sr no"
    "|state|country|county|zip|postcode|phone|telephone|mobile|date added|created"
    "|created on|date created|timestamp|org id|domain type|latitude|longitude|logo|street|fax"
    "|launched|launch date|date opened|opened|phone number|postal code|last sign in|last login"
    "|password hash function|change password at next sign in|priority|rank|year|created at"
    "|submission date|birthday|date of birth|gender|salary|room|building|office location"
    "|mobile phone|profile picture|bio|frequency|posting frequency|hashtag|hashtags"
    "|verified badge|blue tick badge|business category|source|row|item|index|mailing address"
    "|frequency"
    " of posts|address of building|student count|enrollment|grades|grade|home address",
}
"""Headings by field."""
